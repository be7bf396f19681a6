/** Products, prices, stock and the dealer's own account, read once for all screens and kept fresh while the app is open. */
import { computed, effectScope, ref, shallowRef, watch, type Ref } from 'vue'
import type { AccountBalance, Category, Dealer, PriceList, Product, ProductPrice, StockLevel } from '../../generated/records'
import { useIdentity, useRecords } from '../../store'
import { parseQuantity } from '../quantity'
import { factorOf, listedPrice, unitsOf } from './product'
import { catalogueOf, type Catalogue } from './search'

const NONE = '\u0000'
const PATIENCE_MS = 3_000

/** Where the prices of a list lie among the records. */
export function pricesOf(list: string | null | undefined): string {
  return `${list ?? ''}/`
}

function once(is: Ref<boolean>): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(is, (now) => now && (resolve(), queueMicrotask(() => stop())), { immediate: true })
  })
}

function open() {
  const identity = useIdentity()
  const products = useRecords<Product>('product')
  const categoryRecords = useRecords<Category>('category')
  const lists = useRecords<PriceList>('price_list')
  const dealers = useRecords<Dealer>('dealer')
  const balances = useRecords<AccountBalance>('account_balance')

  const catalogue = shallowRef<Catalogue>(catalogueOf([]))
  watch(products.bodies, (bodies) => (catalogue.value = catalogueOf(bodies)))

  const dealer = computed(() => dealers.bodies.value.find((each) => each.id === identity.value?.dealer))
  const balanceRecord = computed(() => balances.records.value.find((record) => record.key === identity.value?.dealer))
  const listKey = computed(() => dealer.value?.price_list ?? null)
  const currency = computed(() => dealer.value?.currency ?? 'CNY')
  // Names are on the screen first; what stands beside them follows.
  const prices = useRecords<ProductPrice>('price', { prefix: () => (products.loaded.value ? pricesOf(listKey.value) : NONE) })
  const levels = useRecords<StockLevel>('stock_level', { prefix: () => (products.loaded.value ? null : NONE) })

  /** Prices are read, or have had the time to be: a price asked for earlier would be missed though it is there. */
  const waited = ref(false)
  const ready = computed(() => dealers.loaded.value && products.loaded.value && (prices.records.value.length > 0 || waited.value))
  watch(products.loaded, () => setTimeout(() => (waited.value = true), PATIENCE_MS), { once: true })

  const levelByProduct = computed(() => new Map(levels.bodies.value.map((level) => [level.product, level])))
  const priceByKey = computed(() => new Map(prices.records.value.map((record) => [record.key, record.body])))
  const listByKey = computed(() => new Map(lists.records.value.map((record) => [record.key, record.body])))

  const priceOf = (product: string, list = listKey.value): ProductPrice | undefined =>
    list ? priceByKey.value.get(`${list}/${product}`) : undefined

  /** The price of today for a quantity in a unit, minor units; null where the list has none. */
  const listed = (product: string, unit: string, quantity: string): number | null =>
    listedPrice(priceOf(product), unit, parseQuantity(quantity) ?? 0n)

  return {
    catalogue,
    /** False until the device's own store has been read once. */
    loaded: products.loaded,
    ready,
    whenReady: () => once(ready),
    whenLoaded: () => once(products.loaded),
    categories: computed(() => {
      const used = new Set(catalogue.value.categories)
      const known = categoryRecords.bodies.value.filter((each) => used.has(each.id))
      return known.sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
    }),
    dealer,
    balance: computed(() => balanceRecord.value?.body),
    balanceAt: computed(() => balanceRecord.value?.received ?? null),
    currency,
    listKey,
    priceList: (key: string) => listByKey.value.get(key),
    price: (key: string) => priceByKey.value.get(key),
    priceOf,
    listed,
    /** What headquarters can still promise, in base units; undefined where it is not known. */
    levelOf: (product: string): StockLevel | undefined => levelByProduct.value.get(product),
    product: (id: string) => catalogue.value.byId.get(id),
    /** The unit that an order of it begins with: one that has a price, the largest first. */
    firstUnit: (product: Product): string => {
      const bySize = unitsOf(product).sort((a, b) => Number((factorOf(product, b) ?? 0n) - (factorOf(product, a) ?? 0n)))
      const units = priceOf(product.id)?.units ?? {}
      return units[product.base_unit] ? product.base_unit : (bySize.find((unit) => units[unit]) ?? product.base_unit)
    }
  }
}

let shared: ReturnType<typeof open> | undefined

export function useCatalogue(): ReturnType<typeof open> {
  shared ??= effectScope(true).run(open)
  if (!shared) throw new Error('the catalogue could not be opened')
  return shared
}
