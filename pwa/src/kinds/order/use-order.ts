/** An order as it stands on this device, with what the device knows around it. */
import { computed, type ComputedRef, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { statusOf, type Status } from '../../components/status'
import type { Order } from '../../generated/order'
import type { ProductPrice } from '../../generated/records'
import { useDocument, useRecords, type Conflict } from '../../store'
import type { DocumentView } from '../../store/use-document'
import { listedPrice, named } from '../product/product'
import { pricesOf, useCatalogue } from '../product/use-catalogue'
import { parseQuantity } from '../quantity'
import { advise, type Advice, type Known } from './advice'

const NONE = '\u0000'

export interface OpenOrder {
  document: () => string
  view: DocumentView<Order>
  order: ShallowRef<Order | null>
  conflicts: ShallowRef<Conflict[]>
  status: ComputedRef<Status | null>
  missing: ComputedRef<boolean>
  advice: ComputedRef<Advice | null>
  /** The price of the list that this order names, minor units; null where it has none. */
  listed: (product: string, unit: string, quantity: string) => number | null
  productName: (id: string) => string
}

export function useOrder(document: () => string): OpenOrder {
  const { locale } = useI18n()
  const catalogue = useCatalogue()
  const view = useDocument<Order>(document)
  const order = view.content

  /** An order keeps the list it was begun with; that may not be today's. */
  const listNamed = computed(() => order.value?.price_list ?? catalogue.listKey.value)
  const older = useRecords<ProductPrice>('price', {
    prefix: () => (listNamed.value && listNamed.value !== catalogue.listKey.value ? pricesOf(listNamed.value) : NONE)
  })
  const olderByKey = computed(() => new Map(older.records.value.map((record) => [record.key, record.body])))
  const price = (key: string): ProductPrice | undefined => catalogue.price(key) ?? olderByKey.value.get(key)

  /** The balance counts what this order was promised; the advice wants it without. */
  function standing(): number {
    const { verdict, figures } = view.decision.value ?? {}
    if (verdict !== 'accepted' && verdict !== 'in_part') return 0
    return Number(figures?.['total'] ?? 0) - Number(figures?.['invoiced'] ?? 0)
  }

  function known(at: number): Known {
    const balance = catalogue.balance.value
    return {
      dealer: catalogue.dealer.value,
      product: catalogue.product,
      priceList: catalogue.priceList,
      price,
      balance: balance && { receivable: balance.receivable, open_orders: balance.open_orders - standing() },
      available: (product) => {
        const level = catalogue.levelOf(product)
        // A round number says nothing of an order that is larger.
        return level === undefined || level.at_least ? undefined : (parseQuantity(level.available) ?? undefined)
      },
      at
    }
  }

  return {
    document,
    view,
    order,
    conflicts: view.conflicts,
    status: computed(() => (view.row.value ? statusOf(view.row.value) : null)),
    missing: computed(() => view.problem.value === 'document_unknown'),
    advice: computed(() => (order.value && catalogue.ready.value ? advise(order.value, known(Date.parse(order.value.captured_at ?? '') || Date.now())) : null)),
    listed: (product, unit, quantity) =>
      listedPrice(price(pricesOf(listNamed.value) + product), unit, parseQuantity(quantity) ?? 0n),
    productName: (id) => {
      const product = catalogue.product(id)
      return product ? named(product.name, locale.value) || id : id
    }
  }
}
