/** What the server said about what was pushed, written down. Runs inside the transaction of the page. */
import type { DaybookDatabase } from '../store/database'
import type { StoredChange } from '../store/types'
import type { Batch } from './outbox'
import type { PushResult } from './wire'

export const DEPENDENCY_MISSING = 'dependency_missing'

/**
 * Marks each pushed change as stored or refused (SY4). Answers the documents of which the server lacks an earlier change: all
 * that was written to them here is to be sent once more, in one request. Where `whole` says that this was just done, the refusal
 * stands, until something of that document comes in.
 */
export async function settle(
  database: DaybookDatabase,
  batch: Batch,
  results: readonly PushResult[],
  whole: ReadonlySet<string>
): Promise<string[]> {
  const resend: string[] = []
  const settled: StoredChange[] = []
  results.forEach((result, i) => {
    const refused = new Map(result.refused.map((each) => [each.position, each]))
    const again = result.refused.some((each) => each.code === DEPENDENCY_MISSING) && !whole.has(result.id)
    if (again) resend.push(result.id)
    batch.sent[i]?.forEach((change, position) => {
      const refusal = refused.get(position)
      if (!refusal) settled.push({ ...change, state: 'stored', code: undefined, detail: undefined })
      else if (refusal.code !== DEPENDENCY_MISSING || !again) {
        settled.push({ ...change, state: 'refused', code: refusal.code, detail: refusal.detail })
      }
    })
  })
  await database.changes.bulkPut(settled)
  await recount(database, new Set(results.map((result) => result.id)))
  return resend
}

/** Brings the figures of the list rows in line with the states of the changes. */
export async function recount(database: DaybookDatabase, documents: Iterable<string>): Promise<void> {
  for (const document of documents) {
    const row = await database.rows.get(document)
    if (!row) continue
    const waiting = await countOf(database, document, 'waiting')
    const refused = await countOf(database, document, 'refused')
    if (waiting === row.waiting && refused === row.refused) continue
    const status = waiting > 0 ? 'device' : row.waiting > 0 ? 'stored' : row.status
    await database.rows.put({ ...row, waiting, refused, status })
    if (refused !== row.refused) await lookAgain(database, document)
  }
}

/** Content changes with what is refused (it is left out): whoever shows the document must look again. */
async function lookAgain(database: DaybookDatabase, document: string): Promise<void> {
  const stored = await database.documents.get(document)
  if (stored) await database.documents.put({ ...stored, revision: stored.revision + 1, stale: 1 })
}

async function countOf(database: DaybookDatabase, document: string, state: StoredChange['state']): Promise<number> {
  return await database.changes.where('[document+state]').equals([document, state]).count()
}
