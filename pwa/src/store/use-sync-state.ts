/** How the sync stands, and who is signed in. */
import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'
import { countWaiting } from '../attachments/keep'
import { useAppKept } from '../platform/app-kept'
import { neverReached, readMeta } from './database'
import { useLive } from './live-query'
import { database } from './store'
import type { Identity, SyncState } from './types'

export function useSyncState(): ComputedRef<SyncState> {
  const app = useAppKept()
  const network = ref(navigator.onLine)
  const changed = ref(Date.now())
  const note = (): void => {
    network.value = navigator.onLine
    changed.value = Date.now()
  }
  addEventListener('online', note)
  addEventListener('offline', note)
  onScopeDispose(() => {
    removeEventListener('online', note)
    removeEventListener('offline', note)
  })
  const { value } = useLive(
    null,
    async () => {
      const reached = (await readMeta(database, 'reached')) ?? neverReached(Date.now())
      const pending = await database.changes.where('state').equals('waiting').count()
      const photos = await countWaiting(database)
      const photosHeld = photos > 0 && ((await readMeta(database, 'photos_held')) ?? false)
      const scopes = Object.keys((await readMeta(database, 'cursors')) ?? {})
      const whole = new Set((await readMeta(database, 'whole')) ?? [])
      return { ...reached, pending, photos, photosHeld, whole: scopes.length > 0 && scopes.every((scope) => whole.has(scope)) }
    },
    { ...neverReached(Date.now()), pending: 0, photos: 0, photosHeld: false, whole: false }
  )
  return computed(() => {
    const state: SyncState = { ...value.value, app: app.value, complete: value.value.whole && app.value !== 'coming' }
    // The device knows at once that its network is gone; that it is back, only an answer shows.
    return network.value || !state.online ? state : { ...state, online: false, since: Math.max(changed.value, state.since) }
  })
}

/** Null when nobody is signed in; undefined for the milliseconds until that is known. */
export function useIdentity(): ComputedRef<Identity | null | undefined> {
  const { value } = useLive(null, async () => (await readMeta(database, 'identity')) ?? null, undefined as Identity | null | undefined)
  return computed(() => value.value)
}
