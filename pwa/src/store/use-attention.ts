/** What needs a person: refused, competing, held, and what headquarters tells. */
import { computed, type ComputedRef } from 'vue'
import { readMeta } from './database'
import { useLive } from './live-query'
import { database } from './store'
import type { Row, StoredChange, StoredRecord, Verdict } from './types'

export interface Attention {
  /** Headquarters did not take something that was written here. `changes` say why, by code. */
  refused: { row: Row; changes: Omit<StoredChange, 'chunk'>[] }[]
  /** Two people set one field at once. */
  competing: Row[]
  /** Held, refused or accepted in part, and not yet seen. */
  decided: Row[]
  /** Not yet put away. */
  notices: StoredRecord[]
  /** The server ended the sign-in of this device; all that was written is still here. */
  signedOutByServer: boolean
}

const TOLD: readonly Verdict[] = ['held', 'refused', 'in_part']

export function useAttention(): { attention: ComputedRef<Attention>; count: ComputedRef<number> } {
  const { value } = useLive(null, read, { refused: [], competing: [], decided: [], notices: [], signedOutByServer: false } as Attention)
  const count = computed(() => {
    const { refused, competing, decided, notices, signedOutByServer } = value.value
    return refused.length + competing.length + decided.length + notices.length + (signedOutByServer ? 1 : 0)
  })
  return { attention: computed(() => value.value), count }
}

async function read(): Promise<Attention> {
  const withRefused = await database.rows.where('refused').above(0).toArray()
  const refused = await Promise.all(
    withRefused.map(async (row) => {
      const changes = await database.changes.where('[document+state]').equals([row.document, 'refused']).toArray()
      return { row, changes: changes.map(({ chunk: _, ...change }) => change) }
    })
  )
  const decided = await database.rows.where('verdict').anyOf([...TOLD]).toArray()
  const put = new Set((await database.ui.where('key').startsWith('notice:').primaryKeys()) as string[])
  const notices = await database.records.where('kind').equals('notice').toArray()
  return {
    refused,
    competing: await database.rows.where('conflicts').above(0).toArray(),
    decided: decided.filter((row) => row.mine === 1 && row.seen !== row.verdict),
    notices: notices.filter((notice) => !put.has(`notice:${notice.key}`)),
    signedOutByServer: (await readMeta(database, 'reached'))?.problem === 'signed_out_by_server'
  }
}

/** The person has read it. */
export async function putAwayNotice(key: string): Promise<void> {
  await database.ui.put({ key: `notice:${key}`, value: true, updated: Date.now() })
}
