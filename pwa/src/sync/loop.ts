/** When a round of the sync runs: after a write, at start, when the network is back, at a poke, and every few minutes. */
import type { DaybookDatabase } from '../store/database'
import { readMeta } from '../store/database'
import type { Round, SyncEngine } from './engine'

export interface LoopPorts {
  database: DaybookDatabase
  engine: Pick<SyncEngine, 'round'>
  /** After each round: the page may ask the browser for Background Sync. */
  ended?: (round: Round) => void
  random?: () => number
}

const AFTER_WRITE = 250
export const EVERY = 3 * 60_000
const FIRST_RETRY = 2_000
/** So long at least a failed round is left alone by what is written: a count without signal writes every second. */
const AFTER_FAILURE = 5_000
const LONGEST_RETRY = 5 * 60_000
/** After the device said that its network is back: often the first tries come before the line stands. */
const SOON = 300
const SOON_TRIES = 5

/** Full jitter above a half, so that a thousand tablets do not come back in one second. */
export function retryDelay(failures: number, retryAfter: number | null, random: () => number): number {
  const most = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.min(failures - 1, 16))
  return Math.max(retryAfter ?? 0, most * (0.5 + random() / 2))
}

export class SyncLoop {
  readonly #ports: Required<LoopPorts>
  #timer: ReturnType<typeof setTimeout> | null = null
  #due = Infinity
  #running: Promise<void> | null = null
  #again = false
  #failures = 0
  #failedAt = 0
  #soon = 0
  #stopped = false

  constructor(ports: LoopPorts) {
    this.#ports = { ended: () => {}, random: Math.random, ...ports }
  }

  /** Runs a round `delay` milliseconds from now, or earlier if one is due. Calls while one runs make one more. */
  want(delay = 0): void {
    if (this.#stopped) return
    if (this.#running) {
      this.#again = true
      return
    }
    this.#arm(delay)
  }

  /** Something waits that was written here. */
  wrote(): void {
    const rest = this.#failures > 0 ? this.#failedAt + AFTER_FAILURE - Date.now() : 0
    this.want(Math.max(AFTER_WRITE, rest))
  }

  /** The device says that its network is back: a round at once, and a few more in short order if it fails. */
  back(): void {
    this.#failures = 0
    this.#soon = SOON_TRIES
    this.want()
  }

  /** Runs at once; ends with the round. */
  async now(): Promise<void> {
    this.want(0)
    if (this.#timer !== null) this.#fire()
    await this.#running
  }

  stop(): void {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #arm(delay: number): void {
    const due = Date.now() + delay
    if (this.#timer !== null && due >= this.#due) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => this.#fire(), delay)
  }

  #fire(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#due = Infinity
    if (this.#running) return
    this.#running = this.#run().finally(() => {
      this.#running = null
      const again = this.#again
      this.#again = false
      if (again) this.want(0)
    })
  }

  async #run(): Promise<void> {
    const round = await this.#ports.engine.round()
    this.#ports.ended(round)
    if (this.#stopped) return
    if (round.outcome === 'failed' && this.#soon > 0) {
      this.#soon--
      this.#again = false
      this.#arm(Math.max(round.retryAfter ?? 0, SOON))
    } else if (round.outcome === 'failed') {
      this.#failures++
      this.#failedAt = Date.now()
      // Calls that came meanwhile must not turn a dead network into a busy loop.
      this.#again = false
      this.#arm(retryDelay(this.#failures, round.retryAfter, this.#ports.random))
    } else {
      this.#failures = this.#soon = 0
      if (round.outcome === 'done') this.#armRegular()
    }
  }

  /** Of many tabs, only the one whose turn comes first asks. */
  #armRegular(): void {
    this.#due = Infinity
    const pause = EVERY * (0.9 + this.#ports.random() / 5)
    this.#timer = setTimeout(() => {
      this.#timer = null
      void readMeta(this.#ports.database, 'reached').then((reached) => {
        if (Date.now() - (reached?.lastSyncedAt ?? 0) < EVERY / 2) this.#armRegular()
        else this.want(0)
      })
    }, pause)
  }
}
