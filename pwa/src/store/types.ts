/** The words of the local store. Times are UTC milliseconds by this device's clock unless they say otherwise. */

import type { AppKept } from '../platform/app-kept'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** Where an entry stands. `device`: something of it is only here. `stored`: headquarters has it all. `decided`: and has decided on it. */
export type EntryStatus = 'device' | 'stored' | 'decided'
export type Verdict = 'draft' | 'accepted' | 'held' | 'refused' | 'withdrawn' | 'in_part' | 'closed'

/** The flat fields that a list shows; every kind has the first five, or null. */
export interface RowFields {
  number: string | null
  title: string | null
  /** Minor units of `currency`. */
  total: number | null
  currency: string | null
  /** ISO time that lists are ordered by. */
  at: string | null
  [field: string]: Json
}

/** One line of a list: what is known of a document without opening it. */
export interface Row {
  document: string
  kind: string
  scope: string
  fields: RowFields
  /** `fields.at`, or '' : what lists are ordered by. */
  at: string
  status: EntryStatus
  verdict: Verdict | null
  /** Changes that headquarters has not acknowledged. */
  waiting: number
  /** Changes that headquarters refused; they stay here until the person puts them away. */
  refused: number
  /** Fields that two people set at once: as this device found, or until it has looked as headquarters says (see finding.ts). */
  conflicts: number
  /** 1 when this device wrote some of it. */
  mine: 0 | 1
  /** The verdict that the person has put away from the attention list. */
  seen: Verdict | null
  /** When it last changed here. */
  updated: number
}

export type ChangeState = 'waiting' | 'stored' | 'refused' | 'received' | 'put_away' | 'rewritten'

/** One Automerge change chunk that this device holds. `received` ones were made elsewhere. */
export interface StoredChange {
  /** Order in which they came to be here. */
  n?: number
  hash: string
  document: string
  chunk: Uint8Array
  made_at: number
  state: ChangeState
  /** Why it was refused: a stable code, see docs/refusals.md. */
  code?: string
  detail?: string
}

export interface StoredDocument {
  id: string
  kind: string
  scope: string
  /** The whole document in one chunk as last received, if it was. */
  saved: Uint8Array | null
  /** Grows with everything that comes in or is written: who shows the document looks again. */
  revision: number
  /** 1: came in and not yet merged with what was written here; the documents worker recomputes its row. */
  stale: 0 | 1
  /** The revision that this device has searched for competing values. */
  looked?: number
}

/** Master data, decisions, shipments, notices: written by headquarters, read here. */
export interface StoredRecord<Body = Json> {
  kind: string
  key: string
  scope: string
  version: number
  body: Body
  /** When it came to this device. */
  received: number
}

/** Who this device is signed in as. */
export interface Identity {
  /** 16 hex digits: the first half of every actor of this device. */
  device: string
  account: string
  name: string
  role: string
  dealer: string | null
  short_code: string
  /** Name of the device. */
  device_name: string
}

export type SyncProblem =
  /** No usable answer: no network, or a portal answered in the server's place. */
  | 'unreachable'
  | 'not_an_answer'
  /** The server asked for time. */
  | 'busy'
  /** The device's token is not (or no longer) valid. Everything stays here. */
  | 'signed_out_by_server'
  /** The server cannot read what this version of the app says. */
  | 'malformed'
  | 'storage_full'

export interface SyncState {
  /** False when the last try did not reach the server, or the device says that it has no network. */
  online: boolean
  /** Since when `online` has been as it is. */
  since: number
  syncing: boolean
  /** Changes that are only on this device. */
  pending: number
  /** Photos that are only on this device. */
  photos: number
  /** They wait for Wi-Fi, as the person wants it. */
  photosHeld: boolean
  lastSyncedAt: number | null
  problem: SyncProblem | null
  /** True once every scope has been read to its end since sign-in: lists are whole. */
  whole: boolean
  /** Whether this device holds the app itself. */
  app: AppKept
  /** Whole, and nothing of the app is still to come: what this device can hold for work without signal, it holds. */
  complete: boolean
}

/** One thing to do to a document. `path` is `lines/<id>/quantity`; places in a list are numbers. */
export type Edit =
  /** Sets one value (a map or list as a whole too). Setting a value again settles competing ones. */
  | { op: 'set'; path: string; value: Json }
  | { op: 'delete'; path: string }
  /** Prose: what changed between the old and the new text is merged letter by letter. */
  | { op: 'text'; path: string; value: string }
  /** Puts a value into a list before the place that the path ends with. */
  | { op: 'insert'; path: string; value: Json }

export interface CompetingValue {
  value: Json
  /** 16 hex digits. */
  device: string
  mine: boolean
  /** Name of the person, as far as the change says it. */
  by: string | null
  at: number | null
  /** True for the one that stands until somebody chooses. */
  shown: boolean
}

export interface Conflict {
  path: string
  values: CompetingValue[]
}

/** A document as it stands here. */
export interface Opened<Content = JsonObject> {
  id: string
  kind: string
  scope: string
  content: Content
  conflicts: Conflict[]
  heads: string[]
  revision: number
}

/** What a small change answers. */
export interface Written {
  revision: number
  /** Something else was written or came in at the same time: the document is to be opened again. */
  between: boolean
}

export interface HistoryEdit {
  path: string
  op: 'set' | 'delete' | 'text'
  before: Json
  after: Json
}

/** One change, newest last. */
export interface HistoryEntry {
  hash: string
  at: number | null
  device: string
  mine: boolean
  by: string | null
  /** What the writing screen said it was doing: a short code like `line_added`. */
  what: string
  edits: HistoryEdit[]
}

export interface Reason {
  code: string
  params?: JsonObject
  line?: string | null
  rule?: string
}

/** Body of the record `decision`/<document>. */
export interface Decision {
  verdict: Verdict
  reasons: Reason[]
  figures: JsonObject
  at: string
  /** How many changes the document had when it was decided on. */
  changes: number
}
