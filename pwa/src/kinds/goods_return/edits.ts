/** What a person may do to a return, as edits of its document. */
import type { GoodsReturn, Line } from '../../generated/goods_return'
import type { Edit, Json, JsonObject } from '../../store'

export type Direction = 'from_customer' | 'to_headquarters'

/** A line of what it stands on: the sale or the shipment. */
export interface SourceLine {
  id: string
  product: string
  unit: string
  quantity: string
  serials: readonly string[]
}

const bare = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

/** `source`: the number of the sale or the shipment. */
export function draft(dealer: string, direction: Direction, source: string, at: number): JsonObject {
  return {
    dealer, direction, source, stage: 'draft', created_at: new Date(at).toISOString(), captured_at: null, location: '',
    refund: { method: direction === 'from_customer' ? 'cash' : 'account', amount: null }, signature: null, note: '', lines: {}
  }
}

/** A line of the source is chosen, or left out again. A machine that was sold alone comes back with its number. */
export function choose(back: GoodsReturn, source: SourceLine): Edit[] {
  if (back.lines?.[source.id]) return [{ op: 'delete', path: `lines/${source.id}` }]
  const line: Line = {
    position: Object.keys(back.lines ?? {}).length, line: source.id, quantity: source.quantity, condition: 'resalable', reason: '',
    note: '', serials: [...source.serials]
  }
  return [{ op: 'set', path: `lines/${source.id}`, value: bare(line) }]
}

/** Of several machines those that come back; the quantity follows. */
export function toggleSerial(id: string, line: Line, serial: string): Edit[] {
  const serials = line.serials ?? []
  const next = serials.includes(serial) ? serials.filter((each) => each !== serial) : [...serials, serial]
  return [
    { op: 'set', path: `lines/${id}/serials`, value: next },
    { op: 'set', path: `lines/${id}/quantity`, value: String(next.length) }
  ]
}

export function setField(id: string, field: 'quantity' | 'condition' | 'reason', value: string): Edit[] {
  return [{ op: 'set', path: `lines/${id}/${field}`, value }]
}

export function setRefund(method: string): Edit[] {
  return [{ op: 'set', path: 'refund/method', value: method }]
}

export function finish(at: number): Edit[] {
  return [
    { op: 'set', path: 'captured_at', value: new Date(at).toISOString() },
    { op: 'set', path: 'stage', value: 'done' }
  ]
}

export function setStage(stage: 'draft' | 'cancelled'): Edit[] {
  return [{ op: 'set', path: 'stage', value: stage }]
}
