/** The page's end of the documents worker. */
import { DaybookDatabase, writeMeta } from './database'
import { countWaiting } from '../attachments/keep'
import { askForRoom } from '../platform/room'
import { callsTo, type Remote } from './rpc'
import type { Edit, HistoryEntry, JsonObject, Opened, Verdict, Written } from './types'
import type { WorkerFace } from './worker'
import type { Round } from '../sync/engine'
import { putAwayIn } from './put-away'

export const database = new DaybookDatabase()

let worker: Remote<WorkerFace> | null = null

/** Starts the worker and the sync. Called once at start of the app, on the dealer's and the technician's side only. */
export function openStore(): void {
  theWorker()
}

export function theWorker(): Remote<WorkerFace> {
  if (worker) return worker
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'documents' })
  const face = callsTo<WorkerFace>(started, (message) => ended((message as { round: Round }).round))
  worker = face
  void face.look(document.visibilityState === 'visible')
  document.addEventListener('visibilitychange', () => {
    void face.look(document.visibilityState === 'visible')
    if (document.visibilityState === 'hidden') void askForBackgroundSync()
  })
  addEventListener('online', () => void face.online())
  return face
}

/** Writes a new document and answers it as it stands; its number is given here. `content` without `kind` and `schema`. */
export async function createDocument<Content = JsonObject>(
  kind: string,
  scope: string,
  content: JsonObject,
  what?: string
): Promise<Opened<Content>> {
  const opened = await theWorker().create(kind, scope, content, what)
  void askForRoom()
  return opened as Opened<Content>
}

/** Makes all `edits` as one change. `what` is a short code of the act (`line_added`), told in the history. */
export async function changeDocument<Content = JsonObject>(id: string, what: string, edits: Edit[]): Promise<Opened<Content>> {
  return (await theWorker().change(id, what, edits)) as Opened<Content>
}

/** The same for a document with thousands of entries: nothing of its content comes back. */
export async function writeDocument(id: string, what: string, edits: Edit[]): Promise<Written> {
  return await theWorker().write(id, what, edits)
}

export async function openDocument<Content = JsonObject>(id: string): Promise<Opened<Content>> {
  return (await theWorker().open(id)) as Opened<Content>
}

export async function documentHistory(id: string): Promise<HistoryEntry[]> {
  return await theWorker().history(id)
}

/** Asks the server now; ends with the round, whatever came of it (see useSyncState). */
export async function syncNow(): Promise<void> {
  await theWorker().sync()
}

/** Whether photos wait for Wi-Fi. */
export async function sendPhotosOnWifiOnly(only: boolean): Promise<void> {
  await writeMeta(database, 'photos_wifi_only', only)
  void theWorker().photos()
}

/** The person has read what headquarters refused or decided about the document: it leaves the attention list. */
export async function putAway(document: string, verdict: Verdict | null = null): Promise<void> {
  await putAwayIn(database, document, verdict)
}

function ended(round: Round): void {
  if (round.outcome === 'failed') void askForBackgroundSync()
}

interface WithSync {
  sync?: { register(tag: string): Promise<void> }
}

/** Where the browser has it, it wakes the service worker when the network is back, the app closed or not. */
async function askForBackgroundSync(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  if ((await database.changes.where('state').equals('waiting').count()) + (await countWaiting(database)) === 0) return
  const registration: (ServiceWorkerRegistration & WithSync) | undefined = await navigator.serviceWorker.getRegistration()
  await registration?.sync?.register('daybook-outbox').catch(() => {})
}
