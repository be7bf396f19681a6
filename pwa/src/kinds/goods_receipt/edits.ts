/** What a person may do to a goods receipt, as edits of its document. */
import type { GoodsReceipt, Line, Signature } from '../../generated/goods_receipt'
import type { ShipmentRecord } from '../../generated/records'
import type { Edit, Json, JsonObject } from '../../store'
import { formatQuantity, parseQuantity } from '../quantity'

const bare = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

/** A draft of what should have come: every line is there, nothing is counted yet. Without a shipment there is only its number. */
export function draft(dealer: string, number: string, shipment: ShipmentRecord | null, at: number): JsonObject {
  const lines = Object.entries(shipment?.lines ?? {}).map(([id, line], position): [string, Line] => [
    id,
    { position, line: id, product: line.product, unit: line.unit, received: '0', damaged: '0', note: '' }
  ])
  return bare({
    dealer, shipment: shipment?.number ?? number, stage: 'draft', created_at: new Date(at).toISOString(), received_at: null,
    received_by: '', signature: null, note: '', lines: Object.fromEntries(lines)
  }) as JsonObject
}

export function linesOf(receipt: GoodsReceipt): [string, Line][] {
  return Object.entries(receipt.lines ?? {}).sort(([a, one], [b, other]) => (one.position ?? 0) - (other.position ?? 0) || (a < b ? -1 : 1))
}

/** Everything came, whole: one tap. */
export function allReceived(receipt: GoodsReceipt, shipment: ShipmentRecord): Edit[] {
  return linesOf(receipt).flatMap(([id, line]): Edit[] => {
    const shipped = shipment.lines[line.line ?? '']?.quantity
    return shipped === undefined || shipped === line.received ? [] : [set(`lines/${id}/received`, shipped)]
  })
}

export function setCount(id: string, field: 'received' | 'damaged', quantity: string): Edit[] {
  return [set(`lines/${id}/${field}`, quantity)]
}

/** Damaged pieces were among those that were counted: they move, none comes to be. */
export function setDamaged(id: string, line: Line, damaged: string): Edit[] {
  const whole = amount(line.received) + amount(line.damaged ?? '0')
  const now = amount(damaged)
  const rest = whole > now ? whole - now : 0n
  return [set(`lines/${id}/damaged`, damaged), set(`lines/${id}/received`, formatQuantity(rest))]
}

/** One more of a product, as a scan says: on its line, or as goods that nobody expected. */
export function countOne(receipt: GoodsReceipt, product: string, unit: string, serial: string | null, id: string): Edit[] {
  const found = linesOf(receipt).find(([, line]) => line.product === product && line.unit === unit)
  if (!found) {
    const position = Object.keys(receipt.lines ?? {}).length
    const line = { position, product, unit, received: '1', damaged: '0', note: '', ...(serial ? { serials: [serial] } : {}) }
    return [{ op: 'set', path: `lines/${id}`, value: bare(line) }]
  }
  const [key, line] = found
  if (serial && line.serials?.includes(serial)) return []
  const edits = [set(`lines/${key}/received`, formatQuantity(amount(line.received) + 1000n))]
  return serial ? [...edits, set(`lines/${key}/serials`, [...(line.serials ?? []), serial])] : edits
}

export function setSignature(signature: Signature): Edit[] {
  return [set('signature', bare(signature)), set('received_by', signature.name)]
}

export function confirm(at: number): Edit[] {
  return [set('received_at', new Date(at).toISOString()), set('stage', 'confirmed')]
}

export function backToDraft(): Edit[] {
  return [set('stage', 'draft')]
}

function set(path: string, value: Json): Edit {
  return { op: 'set', path, value }
}

function amount(text: string): bigint {
  return parseQuantity(text) ?? 0n
}
