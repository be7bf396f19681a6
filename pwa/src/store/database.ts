/** The tables of the local store, in IndexedDB. Every transaction asks for strict durability. */
import Dexie, { type EntityTable, type Table } from 'dexie'
import type { AttachmentBytes, Part, StoredAttachment } from '../attachments/attachment'
import type { Identity, Row, StoredChange, StoredDocument, StoredRecord, SyncProblem } from './types'

/** What one key of `meta` holds. */
export interface MetaValues {
  identity: Identity
  /** The bearer token of this device. */
  token: string
  epoch: string
  /** Scope -> opaque cursor. */
  cursors: Record<string, string>
  /** Scopes that have been read to their end once. */
  whole: string[]
  /** Last number given out. */
  counter: number
  reached: Reached
  /** `zh-CN` or `en`: what notifications are written in while no page is open. */
  locale: string
  /** Set while all is being read again after a reset: what came before that time and does not come again is gone. */
  rereading_since: number
  /** The person wants photos sent on Wi-Fi alone. */
  photos_wifi_only: boolean
  /** Photos wait because there is no Wi-Fi. */
  photos_held: boolean
}

export interface Reached {
  online: boolean
  since: number
  syncing: boolean
  lastSyncedAt: number | null
  problem: SyncProblem | null
}

interface MetaEntry {
  name: keyof MetaValues
  value: MetaValues[keyof MetaValues]
}

interface KeptState {
  key: string
  value: unknown
  updated: number
}

export class DaybookDatabase extends Dexie {
  declare meta: EntityTable<MetaEntry, 'name'>
  declare documents: EntityTable<StoredDocument, 'id'>
  declare changes: Table<StoredChange, number>
  declare rows: EntityTable<Row, 'document'>
  declare records: Table<StoredRecord, [string, string]>
  declare ui: EntityTable<KeptState, 'key'>
  declare attachments: Table<StoredAttachment, [string, string]>
  declare attachmentBytes: Table<AttachmentBytes, [string, Part]>

  constructor(name = 'daybook') {
    super(name, { chromeTransactionDurability: 'strict' })
    this.version(1).stores({
      meta: 'name',
      documents: 'id, stale',
      changes: '++n, &hash, document, state, [document+state]',
      rows: 'document, kind, [kind+at], refused, conflicts, verdict',
      records: '[kind+key], kind, scope',
      ui: 'key'
    })
    this.version(2).stores({
      attachments: '[scope+hash], hash, state, added',
      attachmentBytes: '[hash+part], part'
    })
  }
}

export async function readMeta<Name extends keyof MetaValues>(
  database: DaybookDatabase,
  name: Name
): Promise<MetaValues[Name] | undefined> {
  const entry = await database.meta.get(name)
  return entry?.value as MetaValues[Name] | undefined
}

export async function writeMeta<Name extends keyof MetaValues>(
  database: DaybookDatabase,
  name: Name,
  value: MetaValues[Name]
): Promise<void> {
  await database.meta.put({ name, value })
}

/**
 * Meets `change` with what is there. Inside a transaction nothing comes between. What says nothing new is not written: the screens
 * would read all that hangs on it again.
 */
export async function updateReached(database: DaybookDatabase, change: Partial<Reached>, now = Date.now()): Promise<void> {
  const differs = (before: Reached): boolean => Object.entries(change).some(([name, value]) => before[name as keyof Reached] !== value)
  const there = await readMeta(database, 'reached')
  if (there && !differs(there)) return
  await database.transaction('rw', database.meta, async () => {
    const before = (await readMeta(database, 'reached')) ?? neverReached(now)
    const after = { ...before, ...change }
    if (after.online !== before.online) after.since = now
    await writeMeta(database, 'reached', after)
  })
}

export function neverReached(now: number): Reached {
  return { online: true, since: now, syncing: false, lastSyncedAt: null, problem: null }
}
