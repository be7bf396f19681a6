/** Shipments under way, and beginning a receipt of one: known, or only by the number on its paper. */
import { computed } from 'vue'
import { useRouter } from 'vue-router'
import type { ShipmentRecord } from '../../generated/records'
import { createDocument, useIdentity, useRecords, useRows, type Row } from '../../store'
import { draft } from './edits'

export function useReceipts() {
  const router = useRouter()
  const identity = useIdentity()
  const { bodies, loaded } = useRecords<ShipmentRecord>('shipment')
  const { rows } = useRows('goods_receipt')
  /** One that was begun goes on where it is, rather than twice. */
  const begun = computed(() => new Map(rows.value.map((row) => [row.fields.title ?? '', row])))
  const own = computed(() => bodies.value.filter((each) => each.dealer === identity.value?.dealer))
  const underWay = computed(() =>
    own.value.filter((each) => !each.delivered_at && begun.value.get(each.number)?.fields['stage'] !== 'confirmed').sort((a, b) => (a.shipped_at < b.shipped_at ? 1 : -1))
  )

  async function receive(number: string): Promise<void> {
    const dealer = identity.value?.dealer
    if (!dealer || !number) return
    const there: Row | undefined = begun.value.get(number)
    const shipment = own.value.find((each) => each.number === number) ?? null
    const document = there?.document ?? (await createDocument('goods_receipt', `dealer:${dealer}`, draft(dealer, number, shipment, Date.now()))).id
    await router.push({ name: 'receipt', params: { document } })
  }

  return { underWay, rows, loaded, receive, shipment: (number: string) => own.value.find((each) => each.number === number) ?? null }
}
