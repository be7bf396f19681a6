/** A query of the local store that runs again whenever its tables change, in whichever tab or worker. */
import { liveQuery, type Subscription } from 'dexie'
import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'

export interface Live<Value> {
  value: ShallowRef<Value>
  /** False until the first answer, which comes in milliseconds: draw nothing, no spinner. */
  loaded: Ref<boolean>
}

/** `query` is asked again when `key` changes. Call it in a component's setup or in an effect scope. */
export function useLive<Key, Value>(key: MaybeRefOrGetter<Key>, query: (key: Key) => Promise<Value>, initial: Value): Live<Value> {
  const value = shallowRef(initial)
  const loaded = ref(false)
  let subscription: Subscription | null = null
  watch(
    () => toValue(key),
    (now) => {
      subscription?.unsubscribe()
      subscription = liveQuery(() => query(now)).subscribe({
        next: (answer) => {
          value.value = answer
          loaded.value = true
        },
        error: (problem: unknown) => console.error('local store', problem)
      })
    },
    { immediate: true }
  )
  onScopeDispose(() => subscription?.unsubscribe())
  return { value, loaded }
}
