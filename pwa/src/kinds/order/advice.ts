/**
 * What headquarters will probably say, from what this device knows: the rules of server/domain/kinds/order (O2–O14) in the
 * same arithmetic. It is advice: only the server decides. Both sides run schemas/cases/order.
 */
import { lineAmount, taxAmount } from '../money'
import { factorOf, grainOf, listedPrice, type Dealer, type PriceList, type Product, type ProductPrice } from '../product/product'
import { formatQuantity, parseQuantity, THOUSANDTHS } from '../quantity'
import type { Line, Order } from '../../generated/order'

/** Minor units with tax; more than any order has. */
const LARGEST_LINE = 1_000_000_000_000n

export interface Known {
  dealer: Dealer | undefined
  product: (id: string) => Product | undefined
  priceList: (key: string) => PriceList | undefined
  /** By `<list>@<version>/<product>`. */
  price: (key: string) => ProductPrice | undefined
  /** What the dealer owes and what their other open orders come to, minor units; undefined before the first sync. */
  balance: { receivable: number; open_orders: number } | undefined
  /** Thousandths of the base unit that are free at headquarters; undefined where it is not known. */
  available: (product: string) => bigint | undefined
  /** When the order counts as taken, UTC milliseconds. */
  at: number
}

export interface AdvisedReason {
  code: string
  params: Record<string, unknown>
  line: string | null
}

export interface AdvisedLine {
  id: string
  state: 'open' | 'held' | 'refused'
  price: bigint
  expected: number | null
  net: bigint
  tax: bigint
  /** Thousandths of the base unit. */
  base: bigint
  grain: bigint
  factor: bigint
}

export interface Advice {
  lines: AdvisedLine[]
  reasons: AdvisedReason[]
  net: bigint
  tax: bigint
  total: bigint
  held: boolean
  /** What is left of the limit, or of the prepayment, after this order; null where there is no limit or it is not known. */
  left: bigint | null
}

/** Lines as they stand on the order: by position, ties by id. */
export function linesInOrder(order: Order): [string, Line][] {
  return Object.entries(order.lines ?? {}).sort(([a, one], [b, other]) => one.position - other.position || (a < b ? -1 : a > b ? 1 : 0))
}

export function advise(order: Order, known: Known): Advice {
  const advice: Advice = { lines: [], reasons: [], net: 0n, tax: 0n, total: 0n, held: false, left: null }
  const list = priceListOf(order, known, advice)
  for (const [id, line] of linesInOrder(order)) advice.lines.push(weigh(id, line, list, known, advice))
  if (!advice.lines.length) advice.reasons.push({ code: 'no_lines', params: {}, line: null })
  for (const line of advice.lines) {
    if (line.state !== 'open') continue
    advice.net += line.net
    advice.tax += line.tax
  }
  advice.total = advice.net + advice.tax
  if (known.dealer) {
    checkDealer(known.dealer, advice)
    checkCredit(known.dealer, known, advice)
  }
  if (!advice.held) checkStock(order, known, advice)
  return advice
}

interface Listed {
  key: string
  header: PriceList | undefined
}

function priceListOf(order: Order, known: Known, advice: Advice): Listed | null {
  const current = known.dealer?.price_list ?? null
  const name = order.price_list
  if (name) {
    const header = known.priceList(name)
    const reason = whyNot(name, header, known)
    if (!reason) return { key: name, header }
    advice.reasons.push({ ...reason, line: null })
  }
  return current ? { key: current, header: known.priceList(current) } : null
}

function whyNot(name: string, header: PriceList | undefined, known: Known): Omit<AdvisedReason, 'line'> | null {
  if (!header) return { code: 'price_list_unknown', params: { price_list: name } }
  const own = known.dealer?.price_list?.split('@')[0]
  if (known.dealer && header.tier !== known.dealer.tier && String(header.id) !== own)
    return { code: 'price_list_of_another_tier', params: { price_list: name, tier: header.tier } }
  const day = new Date(known.at + (header.utc_offset_minutes ?? 0) * 60_000).toISOString().slice(0, 10)
  if (header.valid_from <= day && (!header.valid_to || day <= header.valid_to)) return null
  const params = { price_list: name, from: header.valid_from, to: header.valid_to ?? '', captured: known.at }
  return { code: 'price_list_not_valid', params }
}

function weigh(id: string, line: Line, list: Listed | null, known: Known, advice: Advice): AdvisedLine {
  const found: AdvisedLine = {
    id, state: 'open', price: BigInt(line.price), expected: null, net: 0n, tax: 0n, base: 0n, grain: 1n, factor: THOUSANDTHS
  }
  const quantity = parseQuantity(line.quantity) ?? 0n
  const product = known.product(line.product)
  measure(found, product, line, quantity, advice)
  if (found.state === 'refused') return found
  found.expected = listedPrice(list ? known.price(`${list.key}/${line.product}`) : undefined, line.unit, quantity)
  if (found.expected === null) {
    advice.reasons.push({ code: 'price_missing', params: { captured: line.price, used: line.price }, line: id })
    advice.held = true
  } else if (found.expected !== line.price) {
    found.price = BigInt(found.expected)
    const params = { captured: line.price, expected: found.expected, used: found.expected }
    advice.reasons.push({ code: 'price_differs', params, line: id })
    advice.held = true
  }
  const discount = line.discount_bp ?? 0
  const maximum = list?.header?.max_discount_bp ?? 0
  if (discount > maximum) {
    advice.reasons.push({ code: 'discount_too_high', params: { discount, maximum }, line: id })
    advice.held = true
  }
  found.net = lineAmount(found.price, quantity, discount)
  found.tax = taxAmount(found.net, product?.tax_bp ?? 0)
  if (found.net + found.tax > LARGEST_LINE) {
    Object.assign(found, { state: 'refused', net: 0n, tax: 0n })
    advice.reasons.push({ code: 'amount_too_large', params: { maximum: Number(LARGEST_LINE) }, line: id })
  }
  return found
}

function measure(
  found: AdvisedLine, product: Product | undefined, line: Line, quantity: bigint, advice: Advice
): void {
  const refuse = (code: string, params: Record<string, unknown>) => {
    found.state = 'refused'
    advice.reasons.push({ code, params, line: found.id })
  }
  if (!product) return refuse('unknown_product', { product: line.product })
  const factor = factorOf(product, line.unit)
  if (factor === null) return refuse('unknown_unit', { product: line.product, unit: line.unit })
  if (quantity <= 0n) return refuse('quantity_not_positive', { quantity: formatQuantity(quantity) })
  const { step, pack, both } = grainOf(product)
  const exact = quantity * factor
  const base = exact / THOUSANDTHS
  if (exact % THOUSANDTHS || base % step || base % pack) {
    const params = { quantity: formatQuantity(quantity), unit: line.unit, step: formatQuantity(both), base_unit: product.base_unit }
    return refuse('quantity_step', params)
  }
  found.base = base
  found.factor = factor
  found.grain = line.unit === product.base_unit ? both : leastCommon(both, factor)
  if (product.withdrawn) {
    found.state = 'held'
    advice.reasons.push({ code: 'product_withdrawn', params: { product: line.product }, line: found.id })
  }
}

function leastCommon(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y) [x, y] = [y, x % y]
  return (a / x) * b
}

function checkDealer(dealer: Dealer, advice: Advice): void {
  if (dealer.active === false) advice.reasons.push({ code: 'dealer_inactive', params: { dealer: dealer.id }, line: null })
  else if (dealer.grade === 'D') advice.reasons.push({ code: 'dealer_on_watch', params: { dealer: dealer.id, grade: 'D' }, line: null })
  else return
  advice.held = true
}

function checkCredit(dealer: Dealer, known: Known, advice: Advice): void {
  if (!known.balance) return
  const prepaid = dealer.terms === 'prepayment'
  if (!prepaid && (dealer.credit_limit ?? null) === null) return
  const limit = BigInt(prepaid ? 0 : (dealer.credit_limit ?? 0))
  const { receivable, open_orders } = known.balance
  const over = BigInt(receivable) + BigInt(open_orders) + advice.total - limit
  advice.left = -over
  if (over <= 0n || advice.total === 0n) return
  const figures = { open_orders, order: Number(advice.total) }
  advice.held = true
  if (prepaid)
    advice.reasons.push({ code: 'prepayment_short', params: { balance: -receivable, ...figures, short: Number(over) }, line: null })
  else
    advice.reasons.push({
      code: 'credit_over_limit', params: { receivable, ...figures, limit: Number(limit), over: Number(over) }, line: null
    })
}

function checkStock(order: Order, known: Known, advice: Advice): void {
  const left = new Map<string, bigint>()
  for (const line of advice.lines) {
    const written = order.lines?.[line.id]
    if (line.state !== 'open' || !written) continue
    const free = left.get(written.product) ?? known.available(written.product)
    if (free === undefined) continue
    const usable = free > 0n ? free : 0n
    const share = line.base <= usable ? line.base : (usable / line.grain) * line.grain
    left.set(written.product, usable - share)
    if (share === line.base) continue
    const inUnits = (base: bigint) => formatQuantity((base * THOUSANDTHS) / line.factor)
    const params = { allocated: inUnits(share), back_ordered: inUnits(line.base - share), unit: written.unit }
    advice.reasons.push({ code: 'back_ordered', params, line: line.id })
  }
}
