/** What waits to be sent, cut into requests. */
import type { DaybookDatabase } from '../store/database'
import type { StoredChange } from '../store/types'
import type { PushedDocument } from './wire'

/** Limits of one request; the server takes 5,000 changes and 8 MiB. */
export interface BatchLimits {
  changes: number
  bytes: number
}

export const FULL: BatchLimits = { changes: 2_000, bytes: 4_000_000 }

export interface Batch {
  documents: PushedDocument[]
  /** The changes behind `documents`, in their order. */
  sent: StoredChange[][]
  changes: number
}

/**
 * The oldest waiting changes, a document at most once. Documents in `whole` are taken with everything that this device ever
 * wrote to them, in one request (`dependency_missing`, docs/sync.md).
 */
export async function nextBatch(database: DaybookDatabase, limits: BatchLimits, whole: ReadonlySet<string>): Promise<Batch> {
  return await database.transaction('r', database.changes, database.documents, async () => {
    const waiting = await database.changes.where('state').equals('waiting').limit(limits.changes).toArray()
    const groups = new Map<string, StoredChange[]>()
    let bytes = 0
    for (const change of waiting) {
      if (bytes > 0 && bytes + change.chunk.length > limits.bytes) break
      bytes += change.chunk.length
      const group = groups.get(change.document)
      if (group) group.push(change)
      else groups.set(change.document, [change])
    }
    for (const document of whole) {
      if (groups.has(document)) groups.set(document, await everythingOf(database, document))
    }
    const documents: PushedDocument[] = []
    const sent: StoredChange[][] = []
    for (const [id, changes] of groups) {
      const stored = await database.documents.get(id)
      if (!stored) continue
      documents.push({ id, kind: stored.kind, scope: stored.scope, changes: changes.map((change) => change.chunk) })
      sent.push(changes)
    }
    return { documents, sent, changes: sent.reduce((sum, group) => sum + group.length, 0) }
  })
}

async function everythingOf(database: DaybookDatabase, document: string): Promise<StoredChange[]> {
  const own = await database.changes.where('[document+state]').anyOf([document, 'waiting'], [document, 'stored']).toArray()
  return own.sort((a, b) => (a.n ?? 0) - (b.n ?? 0))
}
