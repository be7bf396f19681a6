/**
 * Whether this device holds the whole app, so that it opens and writes without signal: the service worker becomes active only when
 * it has stored every part of it, the wasm that writes entries too.
 */
import { readonly, shallowRef, type ShallowRef } from 'vue'

/** `coming`: being fetched. `cannot`: this browser, or an address without https, has no service worker: only with signal. */
export type AppKept = 'coming' | 'kept' | 'cannot'

const kept = shallowRef<AppKept>(atStart())
let watching = false

export function useAppKept(): Readonly<ShallowRef<AppKept>> {
  if (!watching && kept.value === 'coming') {
    watching = true
    void held().then(() => (kept.value = 'kept'))
  }
  return readonly(kept) as Readonly<ShallowRef<AppKept>>
}

/** While it becomes active the service worker takes the pages that are open: until then this one would still fetch past it. */
async function held(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready
  if (!active || active.state === 'activated' || navigator.serviceWorker.controller) return
  await new Promise<void>((resolve) => active.addEventListener('statechange', () => resolve(), { once: true }))
}

function atStart(): AppKept {
  // In development there is no service worker.
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return 'cannot'
  return navigator.serviceWorker.controller ? 'kept' : 'coming'
}

/** The browser does not take the service worker. An earlier one that is active goes on. */
export function noteNotKept(): void {
  if (kept.value === 'coming') kept.value = 'cannot'
}
