/** Lists of documents, newest first. */
import Dexie from 'dexie'
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { useLive } from './live-query'
import { database } from './store'
import type { EntryStatus, Row, Verdict } from './types'

export interface RowFilter {
  verdicts?: readonly Verdict[]
  statuses?: readonly EntryStatus[]
  /** Words that must all stand in the number or title, in any case. */
  words?: string
  where?: (row: Row) => boolean
}

export function useRows(
  kind: MaybeRefOrGetter<string>,
  filter: MaybeRefOrGetter<RowFilter> = {}
): { rows: ComputedRef<Row[]>; all: ShallowRef<Row[]>; loaded: Ref<boolean> } {
  const { value: all, loaded } = useLive(
    kind,
    (now) => database.rows.where('[kind+at]').between([now, Dexie.minKey], [now, Dexie.maxKey]).reverse().toArray(),
    [] as Row[]
  )
  const rows = computed(() => all.value.filter(matcher(toValue(filter))))
  return { rows, all, loaded }
}

export function useRow(document: MaybeRefOrGetter<string>): ShallowRef<Row | null> {
  return useLive(document, async (now) => (await database.rows.get(now)) ?? null, null as Row | null).value
}

function matcher(filter: RowFilter): (row: Row) => boolean {
  const words = (filter.words ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return (row) => {
    if (filter.verdicts && !(row.verdict && filter.verdicts.includes(row.verdict))) return false
    if (filter.statuses && !filter.statuses.includes(row.status)) return false
    if (filter.where && !filter.where(row)) return false
    const text = `${row.fields.number ?? ''} ${row.fields.title ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
}
