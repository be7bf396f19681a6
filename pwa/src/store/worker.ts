/// <reference lib="webworker" />
/** The documents worker: Automerge and the sync, away from the screens. One per tab. */
import { initializeWasm } from '@automerge/automerge/slim'
import wasm from '@automerge/automerge/automerge.wasm?url'
import { makeRoom } from '../attachments/keep'
import { connectionHere } from '../platform/connection'
import { SyncEngine } from '../sync/engine'
import { Live } from '../sync/live'
import { SyncLoop } from '../sync/loop'
import { fetchPictures } from '../sync/pictures'
import { UploadQueue } from '../sync/upload-queue'
import { DaybookDatabase, readMeta } from './database'
import { Documents } from './documents'
import { answerCalls, type Faces } from './rpc'
import type { Edit, JsonObject } from './types'

const scope = self as unknown as DedicatedWorkerGlobalScope
const database = new DaybookDatabase()

let starting: Promise<void> | null = null

/** Once; after a failure (not in the cache yet, and no network) the next call tries again. */
function ready(): Promise<void> {
  starting ??= initializeWasm(wasm).catch((problem: unknown) => {
    starting = null
    throw problem
  })
  return starting
}

const documents = new Documents({ database, ready, written: () => loop.wrote() })

const engine = new SyncEngine({ database, fetch: (address, init) => fetch(address, init) })

const loop = new SyncLoop({
  database,
  engine,
  ended: (round) => {
    scope.postMessage({ round })
    if (round.outcome === 'failed' && round.problem === 'storage_full') void makeRoomAndGoOn()
    if (round.outcome !== 'done') return
    live.set(visible)
    void documents.refresh().catch((problem: unknown) => console.error('refresh', problem))
    void fetchPictures(database).catch(() => {})
    photos.want()
  }
})

/** Photos have a loop of their own: on a thin line an entry must not wait behind megabytes. */
const queue = new UploadQueue({ database, fetch: (address, init) => fetch(address, init), connection: connectionHere })
const photos = new SyncLoop({ database, engine: queue })
connectionHere()?.addEventListener('change', () => photos.want())

/** Bytes that are freed when a round of the sync found no room. */
const ROOM = 50_000_000

async function makeRoomAndGoOn(): Promise<void> {
  if ((await makeRoom(database, ROOM)) > 0) loop.want()
}

const live = new Live({
  // Somebody at headquarters may be signed in with this browser too: here the token counts, not the cookie.
  connect: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live?device`),
  token: () => readMeta(database, 'token'),
  moved: () => loop.want(30)
})

let visible = true

const face = {
  create: (kind: string, inScope: string, content: JsonObject, what?: string) => documents.create(kind, inScope, content, what),
  open: (id: string) => documents.open(id),
  change: (id: string, what: string, edits: Edit[]) => documents.change(id, what, edits),
  write: (id: string, what: string, edits: Edit[]) => documents.write(id, what, edits),
  history: (id: string) => documents.history(id),
  sync: () => loop.now(),
  /** A photo was taken, or may be sent now. */
  photos: () => photos.want(),
  /** The page is looked at, or no longer. */
  look: (at: boolean) => {
    visible = at
    live.set(at)
    if (at) loop.want()
  },
  online: () => {
    live.set(visible)
    loop.back()
    photos.back()
  },
  /** Somebody signed in: what an earlier sign-in of theirs left unsent becomes this device's. */
  signedIn: async () => {
    documents.forget()
    await documents.adopt()
    await loop.now()
    // The first order may be begun without signal.
    void ready().catch(() => {})
  },
  signedOut: () => {
    live.set(false)
    documents.forget()
  }
} satisfies Faces

export type WorkerFace = typeof face

answerCalls(scope, face)
loop.want()
// The first tap must not wait for the wasm; the first picture of the screen must not either.
setTimeout(() => void readMeta(database, 'token').then((token) => (token ? ready() : undefined)).catch(() => {}), 1_500)
