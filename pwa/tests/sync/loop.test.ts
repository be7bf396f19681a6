import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DaybookDatabase } from '../../src/store/database'
import type { Round } from '../../src/sync/engine'
import { Live } from '../../src/sync/live'
import { EVERY, retryDelay, SyncLoop } from '../../src/sync/loop'

const done: Round = { outcome: 'done', requests: 1 }
const failed: Round = { outcome: 'failed', problem: 'unreachable', retryAfter: null }

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

function loopOf(rounds: () => Promise<Round>): SyncLoop {
  return new SyncLoop({ database: new DaybookDatabase('loop'), engine: { round: rounds }, random: () => 1 })
}

describe('when a round runs', () => {
  it('writes in quick succession make one', async () => {
    const round = vi.fn(async () => done)
    const loop = loopOf(round)
    for (let i = 0; i < 10; i++) loop.want(250)
    await vi.advanceTimersByTimeAsync(300)
    expect(round).toHaveBeenCalledTimes(1)
    loop.stop()
  })

  it('what is written while one runs makes one more', async () => {
    let end: (round: Round) => void = () => {}
    const round = vi.fn(() => new Promise<Round>((resolve) => (end = resolve)))
    const loop = loopOf(round)
    loop.want()
    await vi.advanceTimersByTimeAsync(1)
    loop.want(250)
    loop.want(250)
    end(done)
    await vi.advanceTimersByTimeAsync(300)
    expect(round).toHaveBeenCalledTimes(2)
    loop.stop()
  })

  it('a failed one is tried again later and later; a wish in between comes at once', async () => {
    const round = vi.fn(async () => failed)
    const loop = loopOf(round)
    loop.want()
    await vi.advanceTimersByTimeAsync(1)
    for (const [pause, count] of [[2_000, 2], [4_000, 3], [8_000, 4]] as const) {
      await vi.advanceTimersByTimeAsync(pause - 100)
      expect(round).toHaveBeenCalledTimes(count - 1)
      await vi.advanceTimersByTimeAsync(120)
      expect(round).toHaveBeenCalledTimes(count)
    }
    loop.want()
    await vi.advanceTimersByTimeAsync(1)
    expect(round).toHaveBeenCalledTimes(5)
    loop.stop()
  })

  it('what is written while the server cannot be reached waits for a while, and no longer than the next try', async () => {
    const round = vi.fn(async () => failed)
    const loop = loopOf(round)
    loop.want()
    await vi.advanceTimersByTimeAsync(1)
    for (let second = 0; second < 20; second++) {
      loop.wrote()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    // After 2 and 4 seconds as ever, then every 5: once a second it would have been 20 times.
    expect(round.mock.calls.length).toBeGreaterThanOrEqual(5)
    expect(round.mock.calls.length).toBeLessThanOrEqual(6)
    loop.stop()
  })

  it('what is written while it can be reached goes at once', async () => {
    const round = vi.fn(async () => done)
    const loop = loopOf(round)
    loop.wrote()
    loop.wrote()
    await vi.advanceTimersByTimeAsync(300)
    expect(round).toHaveBeenCalledTimes(1)
    loop.stop()
  })

  it('when the network is said to be back, the first failures are tried again at once, then as ever', async () => {
    const round = vi.fn(async () => failed)
    const loop = loopOf(round)
    loop.back()
    await vi.advanceTimersByTimeAsync(1 + 5 * 300)
    expect(round).toHaveBeenCalledTimes(6)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(round).toHaveBeenCalledTimes(6)
    await vi.advanceTimersByTimeAsync(1_100)
    expect(round).toHaveBeenCalledTimes(7)
    loop.stop()
  })

  it('waits as long as the server asks, and never longer than five minutes by itself', () => {
    expect(retryDelay(1, 60_000, () => 0)).toBe(60_000)
    expect(retryDelay(40, null, () => 1)).toBe(300_000)
    expect(retryDelay(1, null, () => 0)).toBe(1_000)
  })

  it('runs every few minutes by itself', async () => {
    const round = vi.fn(async () => done)
    const loop = loopOf(round)
    loop.want()
    await vi.advanceTimersByTimeAsync(1)
    await vi.advanceTimersByTimeAsync(EVERY * 1.2)
    await vi.waitFor(() => expect(round).toHaveBeenCalledTimes(2))
    loop.stop()
  })
})

class FakeSocket {
  static made: FakeSocket[] = []
  sent: string[] = []
  onopen = (): void => {}
  onmessage = (): void => {}
  onclose = (_: { code: number }): void => {}
  closed = false
  constructor() {
    FakeSocket.made.push(this)
  }
  send(text: string): void {
    this.sent.push(text)
  }
  close(): void {
    this.closed = true
  }
}

describe('the live channel', () => {
  it('says its token first, passes pokes on, comes back after a break and not after a revocation', async () => {
    FakeSocket.made = []
    const moved = vi.fn()
    const live = new Live({ connect: () => new FakeSocket() as unknown as WebSocket, token: async () => 'secret', moved, random: () => 1 })
    live.set(true)
    await vi.advanceTimersByTimeAsync(1)
    const [first] = FakeSocket.made
    first!.onopen()
    expect(first!.sent).toEqual(['{"token":"secret"}'])
    first!.onmessage()
    expect(moved).toHaveBeenCalledTimes(1)
    first!.onclose({ code: 1006 })
    await vi.advanceTimersByTimeAsync(2_100)
    expect(FakeSocket.made).toHaveLength(2)
    FakeSocket.made[1]!.onclose({ code: 4401 })
    expect(moved).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(FakeSocket.made).toHaveLength(2)
  })

  it('is closed while nobody looks', async () => {
    FakeSocket.made = []
    const live = new Live({ connect: () => new FakeSocket() as unknown as WebSocket, token: async () => 'secret', moved: () => {} })
    live.set(true)
    await vi.advanceTimersByTimeAsync(1)
    live.set(false)
    expect(FakeSocket.made[0]!.closed).toBe(true)
  })
})
