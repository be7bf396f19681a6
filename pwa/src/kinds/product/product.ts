/** What a product is called, comes in and costs: read from the records of the feed (generated/records.ts). */
import { formatQuantity, parseQuantity, THOUSANDTHS } from '../quantity'
export type { AccountBalance, Category, Dealer, PriceList, Product, ProductPrice, StockLevel } from '../../generated/records'
import type { Names, Product, ProductPrice } from '../../generated/records'

/** In the reader's language; where it has no name in it, in the other. */
export function named(name: Names | undefined, locale: string): string {
  return (locale.startsWith('zh') ? name?.zh || name?.en : name?.en || name?.zh) ?? ''
}

/** Thousandths of the base unit in one unit; null for a unit that the product does not come in. */
export function factorOf(product: Product, unit: string): bigint | null {
  const found = product.units?.find((each) => each.unit === unit)
  if (found) return parseQuantity(found.factor)
  return unit === product.base_unit ? THOUSANDTHS : null
}

/** All that the product may be ordered in; the base unit is among them. */
export function unitsOf(product: Product): string[] {
  const units = (product.units ?? []).map((each) => each.unit)
  return units.includes(product.base_unit) ? units : [product.base_unit, ...units]
}

/** The price for that quantity (thousandths): the break with the largest `from_quantity` that is reached. */
export function listedPrice(price: ProductPrice | undefined, unit: string, quantity: bigint): number | null {
  const listed = price?.units[unit]
  if (!listed) return null
  let found = listed.price
  let reached = 0n
  for (const each of listed.breaks ?? []) {
    const start = parseQuantity(each.from_quantity) ?? 0n
    if (reached < start && start <= quantity) {
      found = each.price
      reached = start
    }
  }
  return found
}

function greatestCommon(a: bigint, b: bigint): bigint {
  return b ? greatestCommon(b, a % b) : a
}

function leastCommon(a: bigint, b: bigint): bigint {
  return (a / greatestCommon(a, b)) * b
}

/** What base quantities are multiples of: the step and the pack, in thousandths of the base unit. */
export function grainOf(product: Product): { step: bigint; pack: bigint; both: bigint } {
  const step = parseQuantity(product.step || '1') || THOUSANDTHS
  const pack = product.pack ? parseQuantity(product.pack) || step : step
  return { step, pack, both: leastCommon(step, pack) }
}

/** What "one more" means in a unit, as a decimal string: a whole unit, or as many as make a whole pack. */
export function stepIn(product: Product, unit: string): string {
  const factor = factorOf(product, unit)
  if (!factor) return '1'
  const { both } = grainOf(product)
  const base = leastCommon(both, unit === product.base_unit ? both : factor)
  return formatQuantity((base * THOUSANDTHS) / factor)
}
