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
    void navigator.serviceWorker.ready.then(() => (kept.value = 'kept'))
  }
  return readonly(kept) as Readonly<ShallowRef<AppKept>>
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
