/** Leaving the attention list: refused changes are kept and no longer counted, a verdict is marked as seen. */
import type { DaybookDatabase } from './database'
import type { Verdict } from './types'

export async function putAwayIn(database: DaybookDatabase, document: string, verdict: Verdict | null): Promise<void> {
  await database.transaction('rw', database.changes, database.rows, async () => {
    await database.changes.where('[document+state]').equals([document, 'refused']).modify({ state: 'put_away' })
    const row = await database.rows.get(document)
    if (row) await database.rows.put({ ...row, refused: 0, seen: verdict ?? row.seen })
  })
}
