/** Beginning an order: a draft is on the device before the screen opens. */
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { Line, Order } from '../../generated/order'
import { tellTrouble } from '../../shell/undo'
import { createDocument, useIdentity, type JsonObject } from '../../store'
import { useCatalogue } from '../product/use-catalogue'
import { again, draft, newLineId, type NewOrder } from './edits'

export function useNewOrder() {
  const { t } = useI18n()
  const router = useRouter()
  const identity = useIdentity()
  const catalogue = useCatalogue()

  function fresh(): NewOrder | null {
    const dealer = identity.value?.dealer
    return dealer ? draft(dealer, catalogue.currency.value, catalogue.listKey.value, Date.now()) : null
  }

  async function write(make: () => NewOrder | null): Promise<void> {
    const document = await written(make).catch((problem: unknown) => {
      console.error('new order', problem)
      tellTrouble(t(`order.notBegun.${whyNot(problem)}`))
      return null
    })
    if (document === null) return
    try {
      await router.push({ name: 'order-edit', params: { document } })
    } catch (problem) {
      console.error('new order', problem)
      tellTrouble(t('order.notBegun.notShown'))
    }
  }

  async function written(make: () => NewOrder | null): Promise<string> {
    await catalogue.whenReady()
    const content = make()
    if (!content) throw Object.assign(new Error('nobody is signed in'), { code: 'not_signed_in' })
    const opened = await createDocument<Order>('order', `dealer:${content.dealer}`, JSON.parse(JSON.stringify(content)) as JsonObject)
    return opened.id
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
    /** Several products at once: what is to be reordered. */
    beginWithAll: (wanted: readonly Pick<Line, 'product' | 'unit' | 'quantity'>[]) =>
      write(() => {
        const content = fresh()
        const lines = wanted.map((each, position): [string, Line] => [newLineId(), { ...each, position, price: price(each), note: '' }])
        return content && { ...content, lines: Object.fromEntries(lines) }
      }),
    beginWith: (product: string, unit: string, quantity: string) =>
      write(() => {
        const content = fresh()
        const line: Line = { position: 0, product, quantity, unit, price: price({ product, unit, quantity }), note: '' }
        return content && { ...content, lines: { [newLineId()]: line } }
      })
  }
}

/** Which words tell it. Anything without a code of the store's is a part of the app that is not on this device yet. */
function whyNot(problem: unknown): 'storage_full' | 'not_signed_in' | 'other' {
  const code = (problem as { code?: unknown } | null)?.code
  return code === 'storage_full' || code === 'not_signed_in' ? code : 'other'
}
