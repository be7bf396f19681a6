/** Keeps list rows in line with the states of the changes behind them. Runs inside the caller's transaction. */
import type { DaybookDatabase } from './database'
import type { StoredChange } from './types'

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
