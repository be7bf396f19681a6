/** What a screen reads from the server: kept while it is read again, refreshed when the live channel says so. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { HqProblem } from './api'
import { onPoke } from './live'

export interface Query<T> {
  data: ShallowRef<T | null>
  problem: ShallowRef<HqProblem | null>
  /** True while there is nothing to show yet. */
  waiting: Ref<boolean>
  /** True while a newer answer is on its way. */
  reading: Ref<boolean>
  refetch: () => Promise<void>
}

export interface QueryOptions {
  /** Another value means another question: what was shown goes, unless `keep`. */
  on?: () => unknown
  keep?: boolean
  /** Which pokes concern this screen; all of them where it is left out, none where false. */
  live?: ((scope: string) => boolean) | false
  /** Pokes within so many milliseconds are answered by one reading. */
  gatherMs?: number
}

const GATHER_MS = 250

export function useQuery<T>(load: (signal: AbortSignal) => Promise<T>, options: QueryOptions = {}): Query<T> {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<HqProblem | null>(null)
  const waiting = ref(true)
  const reading = ref(false)
  let control = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let missed = false

  async function refetch(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    control.abort()
    const mine = (control = new AbortController())
    reading.value = true
    try {
      const answer = await load(mine.signal)
      if (mine.signal.aborted) return
      data.value = answer
      problem.value = null
    } catch (error) {
      if (mine.signal.aborted) return
      problem.value = error instanceof HqProblem ? error : new HqProblem(0, 'unreadable', String(error))
    }
    reading.value = false
    waiting.value = false
  }

  function soon(): void {
    if (document.visibilityState === 'hidden') missed = true
    else timer ??= setTimeout(() => void refetch(), gatherMs)
  }

  function shown(): void {
    if (document.visibilityState === 'visible' && missed) {
      missed = false
      soon()
    }
  }

  const { live, on, keep, gatherMs = GATHER_MS } = options
  const stop = live === false ? undefined : onPoke((poke) => (poke.scope === '*' || !live || live(poke.scope)) && soon())
  document.addEventListener('visibilitychange', shown)
  if (on) {
    watch(on, () => {
      if (!keep) {
        data.value = null
        waiting.value = true
      }
      void refetch()
    })
  }
  onScopeDispose(() => {
    control.abort()
    clearTimeout(timer)
    stop?.()
    document.removeEventListener('visibilitychange', shown)
  })
  void refetch()
  return { data, problem, waiting, reading, refetch }
}
