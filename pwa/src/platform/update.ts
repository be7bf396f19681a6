/**
 * Updates of the app. A new version waits until the person says so; nothing typed is lost, because every entry and every draft is
 * in the local store before the page is loaded anew.
 */
import { readonly, shallowRef, type ShallowRef } from 'vue'
import { noteNotKept } from './app-kept'
import { TAKE_OVER } from './take-over'

const EVERY = 60 * 60_000
/** After an installation that broke off. */
const AGAIN = 30_000

const waiting = shallowRef<ServiceWorker | null>(null)
const available = shallowRef(false)
let reloading = false

/** Once, at start. In development there is no service worker. */
export async function startServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  let hadOne = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The very first one takes the open page over as it is; any later one is another version.
    const first = !hadOne
    hadOne = true
    if (reloading || first) return
    reloading = true
    location.reload()
  })
  const registration = await register()
  if (!registration) return
  note(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing
    coming?.addEventListener('statechange', () => {
      if (coming.state === 'installed' && navigator.serviceWorker.controller) note(coming)
    })
  })
  setInterval(() => void registration.update().catch(() => {}), EVERY)
}

/** Null where the browser does not take it. Until the first one is whole, a broken installation is begun again. */
async function register(): Promise<ServiceWorkerRegistration | null> {
  const once = (): Promise<ServiceWorkerRegistration> => navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' })
  try {
    const registration = await once()
    const timer = setInterval(() => {
      if (registration.active) clearInterval(timer)
      else if (navigator.onLine && !registration.installing && !registration.waiting) void once().catch(() => {})
    }, AGAIN)
    return registration
  } catch (problem) {
    console.error('service worker', problem)
    noteNotKept()
    return null
  }
}

/** `available` turns true when a new version waits; `apply` starts it (the page loads anew). */
export function useAppUpdate(): { available: Readonly<ShallowRef<boolean>>; apply: () => void } {
  return { available: readonly(available) as Readonly<ShallowRef<boolean>>, apply }
}

function apply(): void {
  // Other tabs load anew with this one: two versions must not write one store.
  waiting.value?.postMessage({ type: TAKE_OVER })
}

function note(worker: ServiceWorker | null): void {
  waiting.value = worker
  available.value = worker !== null
}
