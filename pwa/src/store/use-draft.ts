/** What a person was in the middle of, kept through restarts and updates of the app: a half-typed form, a filter, a place. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { database } from './store'
import type { Json } from './types'

const PAUSE = 200

/** `value` starts as `initial` and becomes what was kept; set it as a whole. `clear` forgets it. */
export function useDraft<Value extends Json>(key: string, initial: Value): { value: ShallowRef<Value>; loaded: Promise<void>; clear: () => Promise<void> } {
  const value = shallowRef(initial) as ShallowRef<Value>
  let touched = false
  let timer: ReturnType<typeof setTimeout> | null = null

  const keep = (): void => {
    timer = null
    void database.ui.put({ key, value: value.value, updated: Date.now() })
  }
  const flush = (): void => {
    if (timer === null) return
    clearTimeout(timer)
    keep()
  }
  const loaded = database.ui.get(key).then((kept) => {
    if (kept && !touched) value.value = kept.value as Value
    touched = false
  })
  watch(
    value,
    () => {
      touched = true
      if (timer !== null) clearTimeout(timer)
      timer = setTimeout(keep, PAUSE)
    },
    { flush: 'sync' }
  )
  addEventListener('pagehide', flush)
  onScopeDispose(() => {
    removeEventListener('pagehide', flush)
    flush()
  })
  return {
    value,
    loaded,
    clear: async () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
      await database.ui.delete(key)
    }
  }
}
