/** What the server said about what was pushed, written down. Runs inside the transaction of the page. */
import type { DaybookDatabase } from '../store/database'
import { recount } from '../store/recount'
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
