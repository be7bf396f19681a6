/// <reference lib="webworker" />
/**
 * The service worker: the app without a network, Background Sync, notifications. It takes over only when the person says so.
 */
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { showPush } from './platform/push'
import { TAKE_OVER } from './platform/take-over'
import { DaybookDatabase } from './store/database'
import { SyncEngine } from './sync/engine'
import { PICTURES } from './sync/pictures'
import { UploadQueue } from './sync/upload-queue'
import { connectionHere } from './platform/connection'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] }

interface SyncEvent extends ExtendableEvent {
  readonly tag: string
}

const database = new DaybookDatabase()
const engine = new SyncEngine({ database, fetch: (address, init) => fetch(address, init) })
const queue = new UploadQueue({ database, fetch: (address, init) => fetch(address, init), connection: connectionHere })

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()

/** What the server answers itself when a browser goes there. Not /hq: what a browser opens there is a screen of the app. */
const ofServer = [/^\/(api|health|metrics|pictures|sync|live|access|notify|attachments)(\/|$)/]
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: ofServer }))

registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/pictures/'),
  async ({ request }) => {
    const cache = await caches.open(PICTURES)
    const path = new URL(request.url).pathname
    return (await cache.match(path)) ?? (await fetch(request))
  }
)

self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === TAKE_OVER) void self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  // The first installation takes the open page, so that it works offline from its first minute.
  event.waitUntil(self.clients.claim())
})

/** A failed round is tried again by the browser, if this event fails with it. */
async function round(): Promise<void> {
  const round = await engine.round()
  if (round.outcome === 'failed') throw new Error(round.problem)
}

/** Entries first; a browser that ends the worker in between loses one part of one photo. */
async function photos(): Promise<void> {
  const round = await queue.round()
  if (round.outcome === 'failed') throw new Error(round.problem)
}

self.addEventListener('sync', (event) => {
  if ((event as SyncEvent).tag === 'daybook-outbox') (event as SyncEvent).waitUntil(round().then(photos))
})

self.addEventListener('periodicsync', (event) => {
  if ((event as SyncEvent).tag === 'daybook-pull') (event as SyncEvent).waitUntil(round())
})

self.addEventListener('push', (event) => {
  // The notification is shown whether or not the network lets the decision in: browsers demand one for each push.
  event.waitUntil(Promise.all([showPush(self, database, event.data), round().catch(() => {})]))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = event.notification.data as { path: string }
  event.waitUntil(goTo(path))
})

async function goTo(path: string): Promise<void> {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const client = open.find((each) => each.visibilityState === 'visible') ?? open[0]
  if (!client) {
    await self.clients.openWindow(path)
    return
  }
  await client.focus()
  client.postMessage({ go: path })
}
