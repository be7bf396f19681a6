/** What came in a page of the feeds, written down. No Automerge here: documents are merged when somebody looks. */
import { chunkHash, equalBytes } from '../store/bytes'
import { type DaybookDatabase, readMeta, writeMeta } from '../store/database'
import { competingIn, hasLooked } from '../store/finding'
import { recount } from '../store/recount'
import { blankRow } from '../store/row'
import type { Decision, Row, StoredChange, StoredDocument, StoredRecord } from '../store/types'
import { DEPENDENCY_MISSING } from './settle'
import type { Feed, FeedDocument, FeedRecord } from './wire'

/** A feed with its chunks named: hashing must be done before the transaction begins. */
export interface NamedFeed extends Feed {
  named: Map<Uint8Array, string>
}

export async function nameChunks(feeds: readonly Feed[]): Promise<NamedFeed[]> {
  return await Promise.all(
    feeds.map(async (feed) => {
      const chunks = feed.documents.flatMap((document) => (document.saved ? [document.saved, ...document.changes] : document.changes))
      const named = new Map(await Promise.all(chunks.map(async (chunk) => [chunk, await chunkHash(chunk)] as const)))
      return { ...feed, named }
    })
  )
}

/** Runs inside a transaction of meta, documents, changes, rows and records. */
export async function receive(database: DaybookDatabase, feeds: readonly NamedFeed[], now: number): Promise<void> {
  for (const feed of feeds) {
    await receiveDocuments(database, feed, now)
    await receiveRecords(database, feed, now)
  }
  await showDecisions(database, feeds)
  await writeMeta(database, 'cursors', Object.fromEntries(feeds.map((feed) => [feed.scope, feed.cursor])))
  const whole = new Set((await readMeta(database, 'whole')) ?? [])
  const scopes = new Set(feeds.map((feed) => feed.scope))
  for (const feed of feeds) if (!feed.more) whole.add(feed.scope)
  await writeMeta(database, 'whole', [...whole].filter((scope) => scopes.has(scope)))
  await leaveScopes(database, scopes)
}

async function receiveDocuments(database: DaybookDatabase, feed: NamedFeed, now: number): Promise<void> {
  const ids = feed.documents.map((document) => document.id)
  const before = await database.documents.bulkGet(ids)
  const rows = await database.rows.bulkGet(ids)
  const putDocuments: StoredDocument[] = []
  const putRows: Row[] = []
  const changes: StoredChange[] = []
  const unblocked: string[] = []
  feed.documents.forEach((incoming, i) => {
    const known = before[i]
    const row = rows[i]
    const came = [...incoming.changes]
    if (known?.saved && incoming.saved && !equalBytes(known.saved, incoming.saved)) came.push(incoming.saved)
    for (const chunk of came) changes.push(receivedChange(incoming.id, chunk, feed.named.get(chunk) as string, now))
    const news = came.length > 0 || (incoming.saved !== null && !known?.saved)
    const saved = known?.saved ?? incoming.saved
    const waiting = row?.waiting ?? 0
    putDocuments.push({
      id: incoming.id,
      kind: incoming.kind,
      scope: feed.scope,
      saved,
      revision: (known?.revision ?? 0) + (news ? 1 : 0),
      // A document new to this device is listed from the row that came with it and merged when it is opened.
      stale: known && news ? 1 : (known?.stale ?? 0),
      looked: known?.looked
    })
    putRows.push(shownRow(row, incoming, feed.scope, waiting, news, now))
    if (news && row && row.refused > 0) unblocked.push(incoming.id)
  })
  await database.documents.bulkPut(putDocuments)
  await database.rows.bulkPut(putRows)
  await addNew(database, changes)
  await unblock(database, unblocked)
}

function shownRow(row: Row | undefined, incoming: FeedDocument, scope: string, waiting: number, news: boolean, now: number): Row {
  const base: Row = row ?? { ...blankRow(incoming.id, incoming.kind, scope), mine: 0 }
  const fields = waiting === 0 && incoming.row ? incoming.row : base.fields
  const decided = incoming.verdict !== null && incoming.verdict !== 'draft'
  return {
    ...base,
    scope,
    fields,
    at: fields.at ?? '',
    verdict: incoming.verdict ?? base.verdict,
    status: waiting > 0 ? 'device' : decided ? 'decided' : 'stored',
    updated: news || !row ? now : row.updated
  }
}

function receivedChange(document: string, chunk: Uint8Array, hash: string, now: number): StoredChange {
  return { hash, document, chunk, made_at: now, state: 'received' }
}

/** A page may repeat something; what is here under the same name is the same. */
async function addNew(database: DaybookDatabase, changes: readonly StoredChange[]): Promise<void> {
  if (changes.length === 0) return
  const known = new Set((await database.changes.where('hash').anyOf(changes.map((change) => change.hash)).toArray()).map((change) => change.hash))
  const fresh = new Map(changes.filter((change) => !known.has(change.hash)).map((change) => [change.hash, change]))
  await database.changes.bulkAdd([...fresh.values()])
}

/** What was refused for want of an earlier change is offered again once something of that document came. */
async function unblock(database: DaybookDatabase, documents: readonly string[]): Promise<void> {
  for (const document of documents) {
    await database.changes
      .where('[document+state]')
      .equals([document, 'refused'])
      .filter((change) => change.code === DEPENDENCY_MISSING)
      .modify({ state: 'waiting', code: undefined, detail: undefined })
  }
  await recount(database, documents)
}

async function receiveRecords(database: DaybookDatabase, feed: Feed, now: number): Promise<void> {
  const gone = feed.records.filter((record) => record.body === null)
  await database.records.bulkDelete(gone.map((record): [string, string] => [record.kind, record.key]))
  const here = feed.records.filter((record) => record.body !== null)
  await database.records.bulkPut(here.map((record): StoredRecord => keptRecord(record, feed.scope, now)))
}

function keptRecord(record: FeedRecord, scope: string, now: number): StoredRecord {
  return { kind: record.kind, key: record.key, scope, version: record.version, body: record.body, received: now }
}

/** A decision may come before its document or after it: both pages lead here. */
async function showDecisions(database: DaybookDatabase, feeds: readonly Feed[]): Promise<void> {
  const told = new Set(feeds.flatMap((feed) => feed.records.filter((record) => record.kind === 'decision').map((record) => record.key)))
  const ids = [...new Set([...told, ...feeds.flatMap((feed) => feed.documents.map((document) => document.id))])]
  const rows = await database.rows.bulkGet(ids)
  const documents = await database.documents.bulkGet(ids)
  const decisions = await database.records.bulkGet(ids.map((id): [string, string] => ['decision', id]))
  const shown: Row[] = []
  ids.forEach((id, i) => {
    const row = rows[i]
    if (!row) return
    const decision = decisions[i]?.body as unknown as Decision | undefined
    const decided = decision && told.has(id) ? decidedRow(row, decision) : row
    shown.push(hasLooked(documents[i]) ? decided : { ...decided, conflicts: competingIn(decision) })
  })
  await database.rows.bulkPut(shown)
}

function decidedRow(row: Row, { verdict }: Decision): Row {
  return { ...row, verdict, status: row.waiting > 0 ? 'device' : verdict === 'draft' ? 'stored' : 'decided' }
}

/** Records of a scope that the device no longer has (another price tier) must not be shown. Documents stay. */
async function leaveScopes(database: DaybookDatabase, scopes: ReadonlySet<string>): Promise<void> {
  const held = (await database.records.orderBy('scope').uniqueKeys()) as string[]
  const left = held.filter((scope) => !scopes.has(scope))
  if (left.length > 0) await database.records.where('scope').anyOf(left).delete()
}
