/**
 * What all devices have counted together, kept up to date tally by tally: the screen reads sums from here and is told which product
 * moved. Sums are those of the server (server/domain/kinds/stock_count/tallies.py).
 */
import type { StockCount, Tally } from '../../generated/stock_count'
import { parseQuantity } from '../quantity'

export interface Spot {
  product: string
  place: string
  batch: string
  serial: string
}

export class CountSheet {
  readonly tallies = new Map<string, Tally>()
  readonly #keysOf = new Map<string, Set<string>>()
  readonly #sums = new Map<string, bigint>()

  constructor(tallies: StockCount['tallies'] = {}) {
    for (const [key, tally] of Object.entries(tallies)) this.#enter(key, tally)
    for (const product of this.#keysOf.keys()) this.#sum(product)
  }

  /** How many products somebody has counted. */
  get counted(): number {
    return this.#sums.size
  }

  put(key: string, tally: Tally): void {
    const before = this.tallies.get(key)
    if (before && before.product !== tally.product) this.remove(key)
    this.#enter(key, tally)
    this.#sum(tally.product)
  }

  remove(key: string): void {
    const tally = this.tallies.get(key)
    if (!tally) return
    this.tallies.delete(key)
    const keys = this.#keysOf.get(tally.product)
    keys?.delete(key)
    if (keys?.size) this.#sum(tally.product)
    else {
      this.#keysOf.delete(tally.product)
      this.#sums.delete(tally.product)
    }
  }

  /** Thousandths of the base unit; undefined where nobody has counted it. */
  sum(product: string): bigint | undefined {
    return this.#sums.get(product)
  }

  products(): IterableIterator<string> {
    return this.#sums.keys()
  }

  of(product: string): [string, Tally][] {
    return [...(this.#keysOf.get(product) ?? [])].map((key) => [key, this.tallies.get(key) as Tally])
  }

  /** The tally of a device for a product at a place: what it goes on with. */
  keyAt(device: string, spot: Spot): string | null {
    const found = this.of(spot.product).find(
      ([key, tally]) =>
        key.startsWith(`${device}.`) && (tally.place ?? '') === spot.place && (tally.batch ?? '') === spot.batch && (tally.serial ?? '') === spot.serial
    )
    return found?.[0] ?? null
  }

  #enter(key: string, tally: Tally): void {
    this.tallies.set(key, tally)
    const keys = this.#keysOf.get(tally.product)
    if (keys) keys.add(key)
    else this.#keysOf.set(tally.product, new Set([key]))
  }

  #sum(product: string): void {
    let sum = 0n
    const serials = new Map<string, bigint>()
    for (const [, tally] of this.of(product).sort(([a], [b]) => (a < b ? -1 : 1))) {
      let quantity = parseQuantity(tally.quantity) ?? 0n
      if (tally.serial) {
        // A serial number that two people saw is one piece.
        const seen = serials.get(tally.serial) ?? 0n
        quantity = quantity > seen ? quantity - seen : 0n
        serials.set(tally.serial, seen + quantity)
      }
      sum += quantity
    }
    this.#sums.set(product, sum)
  }
}
