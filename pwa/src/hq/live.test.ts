// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { liveState, onPoke, startLive, stopLive } from './live'

class Socket {
  static all: Socket[] = []
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  constructor(readonly address: URL) {
    Socket.all.push(this)
  }
  close(): void {}
}

const last = (): Socket => Socket.all.at(-1) as Socket
let told: string[] = []
let stop = (): void => undefined

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', Socket)
  Socket.all = []
  told = []
  stop = onPoke((poke) => told.push(poke.scope))
  startLive()
})
afterEach(() => {
  stopLive()
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the live channel', () => {
  it('is live with the first word of the server, not before, and has everything read once', () => {
    expect(liveState.value).toBe('connecting')
    last().onmessage?.({ data: '{"live":true}' })
    expect(liveState.value).toBe('live')
    last().onmessage?.({ data: '{"scope":"dealer:a","seq":3}' })
    expect(told).toEqual(['*', 'dealer:a'])
  })

  it('comes back after a loss and has everything read again', () => {
    last().onmessage?.({ data: '{"live":true}' })
    last().onclose?.({ code: 1006 })
    expect(liveState.value).toBe('connecting')
    vi.advanceTimersByTime(600)
    expect(Socket.all).toHaveLength(2)
    last().onmessage?.({ data: '{"live":true}' })
    expect(told).toEqual(['*', '*'])
  })

  it('reads at every further attempt where no socket gets through', () => {
    for (let attempt = 0; attempt < 6; attempt++) {
      last().onclose?.({ code: 1006 })
      vi.advanceTimersByTime(31_000)
    }
    expect(Socket.all).toHaveLength(7)
    expect(told).toEqual(['*', '*'])
  })

  it('stays off when the server does not know the session, and after it was stopped', () => {
    last().onclose?.({ code: 4401 })
    expect(liveState.value).toBe('off')
    vi.advanceTimersByTime(120_000)
    expect(Socket.all).toHaveLength(1)
    stopLive()
    dispatchEvent(new Event('online'))
    expect(Socket.all).toHaveLength(1)
  })

  it('says at once that the network is gone and does not wait long when it is back', () => {
    last().onmessage?.({ data: '{"live":true}' })
    dispatchEvent(new Event('offline'))
    expect(liveState.value).toBe('connecting')
    dispatchEvent(new Event('online'))
    expect(Socket.all).toHaveLength(2)
  })
})
