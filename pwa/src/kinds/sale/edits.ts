/** What a person may do to a sale, as edits of its document; and its sums, in the server's arithmetic. */
import type { Line, Sale, Signature } from '../../generated/sale'
import type { Product } from '../../generated/records'
import type { Edit, Json, JsonObject } from '../../store'
import { lineAmount, roundHalfUp } from '../money'
import { formatQuantity, parseQuantity, THOUSANDTHS } from '../quantity'

const bare = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json
export type Method = 'cash' | 'transfer' | 'card' | 'later'
/** One payment is taken at the counter; its key. */
export const COUNTER = 'counter'

export function draft(dealer: string, currency: string, at: number): JsonObject {
  return {
    dealer, currency, stage: 'draft', created_at: new Date(at).toISOString(), captured_at: null, location: '',
    customer: { name: '', phone: '', address: '' }, payments: { [COUNTER]: { method: 'cash', amount: 0 } }, signature: null, note: '', lines: {}
  }
}

export function linesOf(sale: Sale): [string, Line][] {
  return Object.entries(sale.lines ?? {}).sort(([a, one], [b, other]) => (one.position ?? 0) - (other.position ?? 0) || (a < b ? -1 : 1))
}

export function totalOf(line: Line): bigint {
  return lineAmount(BigInt(line.price), parseQuantity(line.quantity) ?? 0n, line.discount_bp ?? 0)
}

export function totalOfAll(sale: Sale): bigint {
  return linesOf(sale).reduce((sum, [, line]) => sum + totalOf(line), 0n)
}

/** What an end customer pays: a price of the list has no tax in it. */
export function withTax(price: number, product: Product): number {
  return Number(roundHalfUp(BigInt(price) * (10_000n + BigInt(product.tax_bp ?? 0)), 10_000n))
}

export function lineFor(sale: Sale, product: string, unit: string): string | null {
  return linesOf(sale).find(([, line]) => line.product === product && line.unit === unit)?.[0] ?? null
}

/** Sets a line's quantity and unit, or adds one; a quantity of zero removes it. */
export function put(sale: Sale, id: string, product: string, unit: string, quantity: string, price: number): Edit[] {
  const line = sale.lines?.[id]
  if (parseQuantity(quantity) === 0n) return line ? [{ op: 'delete', path: `lines/${id}` }] : []
  if (!line) {
    const fresh: Line = { position: Object.keys(sale.lines ?? {}).length, product, quantity, unit, price, note: '' }
    return [{ op: 'set', path: `lines/${id}`, value: bare(fresh) }]
  }
  const next = { quantity, unit, ...(unit === line.unit ? {} : { price }) }
  return Object.entries(next).map(([field, value]) => set(`lines/${id}/${field}`, value))
}

/** A machine: its number is written down once, and there are as many pieces as numbers. */
export function addSerial(line: Line, id: string, serial: string): Edit[] {
  const serials = line.serials ?? []
  const text = serial.trim()
  if (!text || serials.includes(text)) return []
  const pieces = BigInt(serials.length + 1) * THOUSANDTHS
  const grown = pieces > (parseQuantity(line.quantity) ?? 0n) ? [set(`lines/${id}/quantity`, formatQuantity(pieces))] : []
  return [set(`lines/${id}/serials`, [...serials, text]), ...grown]
}

export function removeSerial(line: Line, id: string, serial: string): Edit[] {
  return [set(`lines/${id}/serials`, (line.serials ?? []).filter((each) => each !== serial))]
}

export function setMethod(method: Method): Edit[] {
  return [set('payments', method === 'later' ? {} : { [COUNTER]: { method, amount: 0 } })]
}

export function methodOf(sale: Sale): Method {
  const method = sale.payments?.[COUNTER]?.method
  return method === undefined ? 'later' : method === 'other' ? 'cash' : method
}

export function setSignature(signature: Signature): Edit[] {
  return [set('signature', bare(signature))]
}

/** `taken`: minor units; null: all of it. */
export function finish(sale: Sale, taken: number | null, at: number): Edit[] {
  const amount = taken ?? Number(totalOfAll(sale))
  const paid = methodOf(sale) === 'later' ? [] : [set(`payments/${COUNTER}/amount`, amount)]
  return [...paid, set('captured_at', new Date(at).toISOString()), set('stage', 'done')]
}

export function setStage(stage: 'draft' | 'done' | 'cancelled'): Edit[] {
  return [set('stage', stage)]
}

/** "12.50" as minor units; null for what is no amount. */
export function minorOf(text: string): number | null {
  const found = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim())
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0') || 0) : null
}

function set(path: string, value: Json): Edit {
  return { op: 'set', path, value }
}
