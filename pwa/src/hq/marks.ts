/** Rows that changed while somebody looked at the list: marked quietly for a few seconds. */
import { onScopeDispose, shallowRef, watch } from 'vue'

const SHOWN_MS = 6_000

/** Keys whose stamp is new or another one than before. The first reading marks nothing. */
export function changedKeys(before: ReadonlyMap<string, string> | null, now: ReadonlyMap<string, string>): string[] {
  if (!before) return []
  return [...now].filter(([key, stamp]) => before.get(key) !== stamp).map(([key]) => key)
}

/** `question` names what the list shows; another question starts afresh. */
export function useMarks<T>(rows: () => readonly T[] | null, stampOf: (row: T) => [key: string, stamp: string], question: () => unknown) {
  const marked = shallowRef<ReadonlySet<string>>(new Set())
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let before: Map<string, string> | null = null

  function unmark(keys: string[]): void {
    marked.value = new Set([...marked.value].filter((key) => !keys.includes(key)))
  }

  watch(question, () => {
    before = null
    marked.value = new Set()
  })
  watch(rows, (list) => {
    if (!list) return
    const now = new Map(list.map(stampOf))
    const changed = changedKeys(before, now)
    before = now
    if (!changed.length) return
    marked.value = new Set([...marked.value, ...changed])
    const timer = setTimeout(() => {
      timers.delete(timer)
      unmark(changed)
    }, SHOWN_MS)
    timers.add(timer)
  })
  onScopeDispose(() => timers.forEach(clearTimeout))
  return marked
}
