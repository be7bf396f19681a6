/** Beginning an order: a draft is on the device before the screen opens. */
import { useRouter } from 'vue-router'
import type { Line, Order } from '../../generated/order'
import { createDocument, useIdentity, type JsonObject } from '../../store'
import { useCatalogue } from '../product/use-catalogue'
import { addLine, again, draft, newLineId, type NewOrder } from './edits'

export function useNewOrder() {
  const router = useRouter()
  const identity = useIdentity()
  const catalogue = useCatalogue()

  function fresh(): NewOrder | null {
    const dealer = identity.value?.dealer
    return dealer ? draft(dealer, catalogue.currency.value, catalogue.listKey.value, Date.now()) : null
  }

  async function write(content: NewOrder | null): Promise<void> {
    if (!content) return
    const opened = await createDocument<Order>('order', `dealer:${content.dealer}`, JSON.parse(JSON.stringify(content)) as JsonObject)
    await router.push({ name: 'order-edit', params: { document: opened.id } })
  }

  const price = (line: Pick<Line, 'product' | 'unit' | 'quantity'>): number => catalogue.listed(line.product, line.unit, line.quantity) ?? 0

  return {
    begin: () => write(fresh()),
    /** The same lines once more, at today's prices. */
    beginLike: (order: Order) => {
      const content = fresh()
      return write(content && again(order, content, price))
    },
    beginWith: (product: string, unit: string, quantity: string) => {
      const content = fresh()
      if (!content) return Promise.resolve()
      const [edit] = addLine({ lines: {} } as Order, newLineId(), product, unit, quantity, price({ product, unit, quantity })).edits
      if (edit?.op === 'set') content.lines = { [newLineId()]: edit.value as unknown as Line }
      return write(content)
    }
  }
}
