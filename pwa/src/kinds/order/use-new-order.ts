/** Beginning an order: a draft is on the device before the screen opens. */
import { useRouter } from 'vue-router'
import type { Line, Order } from '../../generated/order'
import { createDocument, useIdentity, type JsonObject } from '../../store'
import { useCatalogue } from '../product/use-catalogue'
import { again, draft, newLineId, type NewOrder } from './edits'

export function useNewOrder() {
  const router = useRouter()
  const identity = useIdentity()
  const catalogue = useCatalogue()

  function fresh(): NewOrder | null {
    const dealer = identity.value?.dealer
    return dealer ? draft(dealer, catalogue.currency.value, catalogue.listKey.value, Date.now()) : null
  }

  async function write(make: () => NewOrder | null): Promise<void> {
    await catalogue.whenReady()
    const content = make()
    if (!content) return
    const opened = await createDocument<Order>('order', `dealer:${content.dealer}`, JSON.parse(JSON.stringify(content)) as JsonObject)
    await router.push({ name: 'order-edit', params: { document: opened.id } })
  }

  const price = (line: Pick<Line, 'product' | 'unit' | 'quantity'>): number => catalogue.listed(line.product, line.unit, line.quantity) ?? 0

  return {
    begin: () => write(fresh),
    /** The same lines once more, at today's prices. */
    beginLike: (order: Order) =>
      write(() => {
        const content = fresh()
        return content && again(order, content, price)
      }),
    beginWith: (product: string, unit: string, quantity: string) =>
      write(() => {
        const content = fresh()
        const line: Line = { position: 0, product, quantity, unit, price: price({ product, unit, quantity }), note: '' }
        return content && { ...content, lines: { [newLineId()]: line } }
      })
  }
}
