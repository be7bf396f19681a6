/** Master data and what headquarters published: products, prices, decisions, shipments, notices. */
import Dexie from 'dexie'
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { useLive } from './live-query'
import { database } from './store'
import type { Json, StoredRecord } from './types'

/** The body, or null when there is none (or none yet). */
export function useRecord<Body = Json>(kind: string, key: MaybeRefOrGetter<string | null | undefined>): ShallowRef<Body | null> {
  const read = async (now: string): Promise<Body | null> => (await getRecord<Body>(kind, now)) ?? null
  return useLive(() => toValue(key) ?? '', read, null as Body | null).value
}

export interface RecordsWanted {
  /** Only those whose key begins so: `standard@3/`. */
  prefix?: MaybeRefOrGetter<string | null | undefined>
}

/** All records of a kind in the order of their keys. Thousands are fine: the array is replaced, not watched inside. */
export function useRecords<Body = Json>(
  kind: string,
  wanted: RecordsWanted = {}
): { bodies: ComputedRef<Body[]>; records: ShallowRef<StoredRecord<Body>[]>; loaded: Ref<boolean> } {
  const { value: records, loaded } = useLive(
    () => toValue(wanted.prefix) ?? '',
    (prefix) => listRecords<Body>(kind, prefix),
    [] as StoredRecord<Body>[]
  )
  return { records, loaded, bodies: computed(() => records.value.map((record) => record.body)) }
}

export async function getRecord<Body = Json>(kind: string, key: string): Promise<Body | undefined> {
  return (await database.records.get([kind, key]))?.body as Body | undefined
}

export async function listRecords<Body = Json>(kind: string, prefix = ''): Promise<StoredRecord<Body>[]> {
  const upper = prefix === '' ? Dexie.maxKey : `${prefix}\uffff`
  const found = await database.records.where('[kind+key]').between([kind, prefix], [kind, upper], true, true).toArray()
  return found as unknown as StoredRecord<Body>[]
}
