/** The figures of a count's decision, and what the count's own screens work out from the device's books: advice only. */
import type { CountDifference, StockCountFigures } from '../../generated/figures'
import type { Decision } from '../../store'

export interface Difference {
  product: string
  counted: bigint
  book: bigint
  /** Minor units; null where the product has no price. */
  value: number | null
}

export function readFigures(decision: Decision | null): StockCountFigures | null {
  const figures = decision?.figures as unknown as Partial<StockCountFigures> | undefined
  return figures?.differences && Object.keys(figures).length > 1 ? (figures as StockCountFigures) : null
}

export function differencesOf(figures: StockCountFigures | null): [string, CountDifference][] {
  return Object.entries(figures?.differences ?? {}).sort(([, a], [, b]) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0))
}

/** Against the device's books as they stand now, the largest first. */
export function compare(
  counted: Iterable<string>,
  sum: (product: string) => bigint | undefined,
  book: (product: string) => bigint,
  price: (product: string) => number | null
): Difference[] {
  const found: Difference[] = []
  for (const product of counted) {
    const there = sum(product) ?? 0n
    const said = book(product)
    if (there === said) continue
    const each = price(product)
    found.push({ product, counted: there, book: said, value: each === null ? null : Number((BigInt(each) * (there - said)) / 1000n) })
  }
  return found.sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0))
}
