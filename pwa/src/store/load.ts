/** Puts an Automerge document together from what the tables hold of it. */
import * as A from '@automerge/automerge/slim'
import { concat } from './bytes'
import type { DaybookDatabase } from './database'
import type { StoredChange, StoredDocument } from './types'

export type Loaded = A.Doc<Record<string, unknown>>

const REFUSED = new Set(['refused', 'put_away', 'rewritten'])

/** True when headquarters has nothing of the document and refused what it was offered: it stands here only to be read. */
export function isRefusedWhole(stored: StoredDocument, changes: readonly StoredChange[]): boolean {
  return stored.saved === null && changes.length > 0 && changes.every((change) => REFUSED.has(change.state))
}

/**
 * The chunks that make the content. What headquarters refused is left out, so that what is written later does not stand on it
 * and is not refused in turn; unless there is nothing else, so that the person still sees what they wrote.
 */
export function chunksOf(stored: StoredDocument, changes: readonly StoredChange[]): Uint8Array[] {
  const good = changes.filter((change) => !REFUSED.has(change.state))
  const shown = stored.saved === null && good.length === 0 ? changes.filter((change) => change.state !== 'rewritten') : good
  return shown.map((change) => change.chunk)
}

export function assemble(saved: Uint8Array | null, chunks: readonly Uint8Array[], actor: string): Loaded {
  const base: Loaded = saved ? A.load(saved, { actor }) : A.init({ actor })
  return chunks.length > 0 ? A.loadIncremental(base, concat(chunks)) : base
}

export async function readChanges(database: DaybookDatabase, document: string): Promise<StoredChange[]> {
  return await database.changes.where('document').equals(document).sortBy('n')
}

/** Waits to be sent, or was refused only because another device made it. */
export function isUnsent(change: StoredChange): boolean {
  return change.state === 'waiting' || (change.state === 'refused' && change.code === 'actor_not_of_device')
}
