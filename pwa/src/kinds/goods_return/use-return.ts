/** Returns: how one is begun, and what it stands on, as this device knows it: a sale or a shipment, by its number. */
import { computed, type ComputedRef } from 'vue'
import { useRouter } from 'vue-router'
import type { ShipmentRecord } from '../../generated/records'
import type { Sale } from '../../generated/sale'
import { createDocument, useDocument, useIdentity, useRecords, useRows } from '../../store'
import { draft, type Direction, type SourceLine } from './edits'

export function useReturns() {
  const router = useRouter()
  const identity = useIdentity()

  async function begin(direction: Direction, source: string): Promise<void> {
    const dealer = identity.value?.dealer
    if (!dealer || !source) return
    const { id } = await createDocument('goods_return', `dealer:${dealer}`, draft(dealer, direction, source, Date.now()))
    await router.push({ name: 'return', params: { document: id } })
  }

  return { begin }
}

/** The lines that can come back; null where this device does not know the sale or the shipment (yet). */
export function useSource(direction: () => Direction | undefined, number: () => string): ComputedRef<SourceLine[] | null> {
  const { rows } = useRows('sale')
  const { bodies: shipments } = useRecords<ShipmentRecord>('shipment')
  const sold = useDocument<Sale>(() => (direction() === 'from_customer' ? rows.value.find((row) => row.fields.number === number())?.document : null))
  return computed(() => {
    if (direction() === 'from_customer') return sold.content.value ? linesOf(sold.content.value.lines ?? {}) : null
    const shipment = shipments.value.find((each) => each.number === number())
    return shipment ? linesOf(shipment.lines) : null
  })
}

interface Written {
  product: string
  unit: string
  quantity: string
  serials?: readonly string[]
}

function linesOf(lines: Record<string, Written>): SourceLine[] {
  return Object.entries(lines).map(([id, { product, unit, quantity, serials }]) => ({ id, product, unit, quantity, serials: serials ?? [] }))
}
