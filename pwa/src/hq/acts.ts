/** What headquarters may do, by the names that the server knows, and which of it an order's decision leaves open. */
import { COMMAND_ROLES } from '../generated/commands'
import type { OrderLineFigures } from '../generated/figures'
import { formatQuantity, parseQuantity } from '../kinds/quantity'
import type { Detail, Figures } from './wire'

export type ActName = 'approve' | 'reject' | 'ship' | 'deliver' | 'invoice' | 'resolve_case' | 'payment'

export type LineFigures = Partial<OrderLineFigures>

/** Whether a role may give a command; the server asks the same again. */
export function may(role: string | undefined, command: keyof typeof COMMAND_ROLES): boolean {
  return (COMMAND_ROLES[command] as readonly string[]).includes(role ?? '')
}

export interface Shipment {
  id: string
  number: string
  shipped_at: string
  delivered_at: string | null
  carrier: string
  tracking: string
  lines: Record<string, { product: string; quantity: string; unit: string }>
}

export interface Invoice {
  id: string
  number: string
  at: string
  currency: string
  shipments: string[]
  net: number
  tax: number
  total: number
}

export const lineFigures = (figures: Figures | undefined): Record<string, LineFigures> =>
  (figures?.lines ?? {}) as Record<string, LineFigures>

function bodies<T>(detail: Detail, kind: string): T[] {
  return detail.records.filter((record) => record.kind === kind && record.body).map((record) => record.body as T)
}

export const shipmentsOf = (detail: Detail): Shipment[] =>
  bodies<Shipment>(detail, 'shipment').sort((a, b) => a.shipped_at.localeCompare(b.shipped_at))

export const invoicesOf = (detail: Detail): Invoice[] =>
  bodies<Invoice>(detail, 'invoice').sort((a, b) => a.at.localeCompare(b.at))

/** Line id -> what is set aside for it and has not left yet, in the line's unit. Lines with nothing to ship are left out. */
export function toShip(figures: Figures | undefined): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [line, each] of Object.entries(lineFigures(figures))) {
    if (each.state && each.state !== 'open') continue
    const rest = (parseQuantity(each.allocated ?? '0') ?? 0n) - (parseQuantity(each.shipped ?? '0') ?? 0n)
    if (rest > 0n) found[line] = formatQuantity(rest)
  }
  return found
}

/** The acts that make sense now for that role, the most likely one first. The server decides in the end. */
export function openActs(detail: Detail, role: string): ActName[] {
  const decision = detail.decision
  if (!decision || detail.kind !== 'order') return []
  const shipments = shipmentsOf(detail)
  const invoiced = new Set(invoicesOf(detail).flatMap((invoice) => invoice.shipments))
  const verdict = decision.verdict
  const heldLine = Object.values(lineFigures(decision.figures)).some((line) => line.state === 'held')
  const rejected = decision.reasons.some((reason) => reason.code === 'rejected')
  const isCase = decision.reasons.some((reason) => reason.code === 'edited_after_shipping')
  const goes = verdict === 'accepted' || verdict === 'in_part'
  const acts: [ActName, boolean, keyof typeof COMMAND_ROLES][] = [
    ['resolve_case', isCase, 'order.resolve_case'],
    ['approve', !shipments.length && (verdict === 'held' || rejected || heldLine), 'order.approve'],
    ['ship', !isCase && goes && Object.keys(toShip(decision.figures)).length > 0, 'order.ship'],
    ['deliver', shipments.some((shipment) => !shipment.delivered_at), 'order.deliver'],
    ['invoice', shipments.some((shipment) => !invoiced.has(shipment.id)), 'order.invoice'],
    ['reject', !shipments.length && (goes || verdict === 'held'), 'order.reject'],
    ['payment', detail.scope.startsWith('dealer:'), 'payment.record']
  ]
  return acts.filter(([, open, command]) => open && may(role, command)).map(([name]) => name)
}
