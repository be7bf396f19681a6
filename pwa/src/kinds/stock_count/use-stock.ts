/** What lies at a location, beside its thresholds, and what is to be ordered: all from records, so that it is there without signal. */
import { computed, ref, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type Ref } from 'vue'
import type { ShipmentRecord, StockOnHand, StockPolicy } from '../../generated/records'
import { openDocument, useIdentity, useRecords, useRows } from '../../store'
import type { Order } from '../../generated/order'
import { propose } from '../product/reorder'
import { factorOf } from '../product/product'
import { useCatalogue } from '../product/use-catalogue'
import { parseQuantity, THOUSANDTHS } from '../quantity'

export interface StockLine {
  product: string
  onHand: bigint
  reserved: bigint
  level: StockOnHand['level']
  policy: StockPolicy | undefined
  /** On its way from headquarters. */
  ordered: bigint
  /** To be ordered, in base units. */
  proposed: bigint
}

/** The locations that this device's person may count: the own store with its places, or the own van. */
export function useLocations(): ComputedRef<string[]> {
  const identity = useIdentity()
  const { records } = useRecords<StockOnHand>('stock_on_hand')
  return computed(() => {
    const who = identity.value
    const own = who?.dealer ? `dealer:${who.dealer}` : who ? `van:${who.account}` : ''
    const places = records.value.map((record) => record.body.location).filter((each) => each.startsWith(`${own}:`))
    return own ? [own, ...[...new Set(places)].sort()] : []
  })
}

const base = (quantity: string, factor: bigint): bigint => ((parseQuantity(quantity) ?? 0n) * factor) / THOUSANDTHS

/** Ordered and not there yet, by product: what open orders ask for, less what has come of their shipments. */
export function useOrdered(): Ref<ReadonlyMap<string, bigint>> {
  const catalogue = useCatalogue()
  const { rows } = useRows('order', { verdicts: ['accepted', 'in_part', 'held'] })
  const { bodies: shipments } = useRecords<ShipmentRecord>('shipment')
  const ordered = ref<ReadonlyMap<string, bigint>>(new Map())
  watch(
    [rows, shipments],
    async ([open, sent]) => {
      const sums = new Map<string, bigint>()
      const add = (product: string, unit: string, quantity: string, sign: bigint): void => {
        const known = catalogue.product(product)
        const factor = known && factorOf(known, unit)
        if (factor) sums.set(product, (sums.get(product) ?? 0n) + sign * base(quantity, factor))
      }
      await catalogue.whenLoaded()
      for (const row of open) {
        const { content } = await openDocument<Order>(row.document)
        for (const line of Object.values(content.lines ?? {})) add(line.product, line.unit, line.quantity, 1n)
        const come = sent.filter((each) => each.document === row.document && each.delivered_at !== null)
        for (const line of come.flatMap((each) => Object.values(each.lines))) add(line.product, line.unit, line.quantity, -1n)
      }
      ordered.value = sums
    },
    { immediate: true }
  )
  return ordered
}

/** By product, those that were ever there or have thresholds. */
export function useStock(location: MaybeRefOrGetter<string>, ordered?: Ref<ReadonlyMap<string, bigint>>): ComputedRef<ReadonlyMap<string, StockLine>> {
  const catalogue = useCatalogue()
  const prefix = (): string => `${toValue(location)}/`
  const { bodies: levels } = useRecords<StockOnHand>('stock_on_hand', { prefix })
  const { bodies: policies } = useRecords<StockPolicy>('stock_policy', { prefix })
  return computed(() => {
    const found = new Map<string, StockLine>()
    const policyOf = new Map(policies.value.map((policy) => [policy.product, policy]))
    const there = new Map(levels.value.map((level) => [level.product, level]))
    for (const product of new Set([...there.keys(), ...policyOf.keys()])) {
      const level = there.get(product)
      const policy = policyOf.get(product)
      const line = {
        product, policy,
        onHand: parseQuantity(level?.on_hand ?? '0') ?? 0n,
        reserved: parseQuantity(level?.reserved ?? '0') ?? 0n,
        level: level?.level ?? 'ok',
        ordered: ordered?.value.get(product) ?? 0n
      }
      const known = catalogue.product(product)
      found.set(product, { ...line, proposed: known ? propose(line.onHand, line.reserved, line.ordered, policy, known).quantity : 0n })
    }
    return found
  })
}
