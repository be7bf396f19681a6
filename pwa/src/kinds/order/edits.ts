/** What a person may do to an order, as edits of its document. Each is one change, named by a code (`order.changes.*`). */
import type { Line, Order, ShipTo, Signature } from '../../generated/order'
import type { Edit, Json } from '../../store'
import { linesInOrder } from './advice'

export interface Change {
  edits: Edit[]
  what: string
}

const bare = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

export function newLineId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 12)
}

/** What the screen writes of a new order; kind, schema and number are added by the store. */
export type NewOrder = Required<Omit<Order, 'kind' | 'schema' | 'number'>>

/** A draft with nothing on it. */
export function draft(dealer: string, currency: string, priceList: string | null, at: number): NewOrder {
  return {
    dealer, currency, stage: 'draft', created_at: new Date(at).toISOString(), captured_at: null, price_list: priceList,
    wanted_date: null, ship_to: { name: '', address: '', phone: '' }, note: '', signature: null, lines: {}
  }
}

/** A new draft with the lines, place and note of an order; prices are those of today. */
export function again(order: Order, fresh: NewOrder, price: (line: Line) => number): NewOrder {
  const lines = linesInOrder(order).map(([, line], position): [string, Line] => {
    const { discount_bp: _, ...plain } = line
    return [newLineId(), { ...plain, position, price: price(line) }]
  })
  return { ...fresh, ship_to: { ...fresh.ship_to, ...order.ship_to }, lines: Object.fromEntries(lines) }
}

/** The line that already has that product in that unit, so that adding it again adds to it. */
export function lineOf(order: Order, product: string, unit: string): string | null {
  return Object.entries(order.lines ?? {}).find(([, line]) => line.product === product && line.unit === unit)?.[0] ?? null
}

/** No field of a discount, not even of none: who may not give one may not write it (rule of the order's paths). */
export function addLine(order: Order, id: string, product: string, unit: string, quantity: string, price: number): Change {
  const position = Math.max(-1, ...Object.values(order.lines ?? {}).map((line) => line.position)) + 1
  const line: Line = { position, product, quantity, unit, price, note: '' }
  return { what: 'line_added', edits: [{ op: 'set', path: `lines/${id}`, value: bare(line) }] }
}

/** Quantity and unit, with the price that goes with them; only what differs is written. */
export function setLine(order: Order, id: string, next: Pick<Line, 'quantity' | 'unit' | 'price'>): Change | null {
  const line = order.lines?.[id]
  if (!line) return null
  const edits = (['quantity', 'unit', 'price'] as const)
    .filter((field) => line[field] !== next[field])
    .map((field): Edit => ({ op: 'set', path: `lines/${id}/${field}`, value: next[field] }))
  return edits.length ? { what: line.unit === next.unit ? 'quantity' : 'unit', edits } : null
}

export function removeLine(id: string): Change {
  return { what: 'line_removed', edits: [{ op: 'delete', path: `lines/${id}` }] }
}

/** Without its discount for who may not give one: headquarters would not take the line back at all. */
export function restoreLine(id: string, line: Line, mayDiscount: boolean): Change {
  const { discount_bp, ...plain } = line
  return { what: 'line_added', edits: [{ op: 'set', path: `lines/${id}`, value: bare(mayDiscount && discount_bp ? line : plain) }] }
}

export function setDiscount(id: string, basisPoints: number): Change {
  return { what: 'discount', edits: [{ op: 'set', path: `lines/${id}/discount_bp`, value: basisPoints }] }
}

export function setLineNote(id: string, note: string): Change {
  return { what: 'line_note', edits: [{ op: 'set', path: `lines/${id}/note`, value: note }] }
}

export function setNote(note: string): Change {
  return { what: 'note', edits: [{ op: 'text', path: 'note', value: note }] }
}

export function setWanted(day: string | null): Change {
  return { what: 'wanted_date', edits: [{ op: 'set', path: 'wanted_date', value: day || null }] }
}

export function setShipTo(field: keyof ShipTo, value: string): Change {
  return { what: 'ship_to', edits: [{ op: 'set', path: `ship_to/${field}`, value }] }
}

export function setSignature(signature: Signature | null): Change {
  const what = signature ? 'signature' : 'signature_removed'
  return { what, edits: [{ op: 'set', path: 'signature', value: signature && bare(signature) }] }
}

export function setStage(stage: 'draft' | 'submitted' | 'withdrawn', at: number): Change {
  const edits: Edit[] = [{ op: 'set', path: 'stage', value: stage }]
  if (stage === 'submitted') edits.push({ op: 'set', path: 'captured_at', value: new Date(at).toISOString() })
  return { what: stage, edits }
}

/** Takes today's price list: the list's name and every line's price that differs. */
export function renewPrices(order: Order, list: string, price: (line: Line) => number | null): Change | null {
  const edits: Edit[] = order.price_list === list ? [] : [{ op: 'set', path: 'price_list', value: list }]
  for (const [id, line] of Object.entries(order.lines ?? {})) {
    const now = price(line)
    if (now !== null && now !== line.price) edits.push({ op: 'set', path: `lines/${id}/price`, value: now })
  }
  return edits.length ? { what: 'prices', edits } : null
}

/** What a signature is for: product, quantity, unit and price of each line, in one fixed form. Lower-case hex SHA-256. */
export async function signedHash(order: Order): Promise<string> {
  const form = linesInOrder(order).map(([id, line]) => [id, line.product, line.quantity, line.unit, line.price, line.discount_bp ?? 0])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(form)))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
