/** What the list of a kind shows: what its rows are called, and the few columns of its own beside those that all lists have. */
import { count, money } from '../i18n/format'
import { placeWord } from './content'
import { choiceLabel } from './kinds'
import type { DocumentRow } from './wire'

const OWN: Record<string, readonly string[]> = {
  order: ['lines', 'total', 'wanted_date', 'at'],
  stock_count: ['lines', 'total'],
  goods_receipt: ['lines', 'differences'],
  goods_return: ['lines', 'total'],
  sale: ['lines', 'total'],
  service_request: ['urgency', 'state', 'technician_name'],
  service_visit: ['outcome'],
  customer: ['phone', 'address'],
  machine: ['serial', 'address'],
  payment: ['total'],
  stock_receipt: ['lines']
}

/** Of a kind that nobody listed here: what all rows have. */
export const columnsOf = (kind: string): readonly string[] => OWN[kind] ?? ['total']

/** How a column stands in the table: figures at their end, days and moments on one line; `widest` leaves first, `total` last. */
const LOOKS: Record<string, string> = { lines: 'end wide', differences: 'end wide', total: 'end total', wanted_date: 'tight widest', at: 'tight wide' }
export const looksOf = (name: string): string => LOOKS[name] ?? 'wide'
/** Nothing but figures and moments: the dealer may have the room that is left. */
export const isSlim = (columns: readonly string[]): boolean => columns.every((name) => name in LOOKS)

export function cellOf(row: DocumentRow, name: string): string {
  const value = row[name]
  if (value === null || value === undefined || value === '') return ''
  if (name === 'total') return row.currency ? money(Number(value), row.currency) : ''
  if (typeof value === 'number') return count(value)
  const text = String(value)
  return /^[a-z][a-z_]*$/.test(text) ? choiceLabel(row.kind, name, text) : text
}

type Titled = Pick<DocumentRow, 'kind'> & { title?: string | null; dealer?: string | null; dealer_name?: string | null; technician_name?: unknown }

/** A place is said by whose it is. The title of an order is who receives it: that stands with its wishes. */
export function titleOf(row: Titled): string {
  const title = row.kind === 'order' ? '' : (row.title ?? '')
  if (/^[a-z][a-z_]*$/.test(title)) return choiceLabel(row.kind, 'title', title)
  if (!/^(dealer|warehouse|van):/.test(title)) return title
  return placeWord(title, row.dealer_name ?? ((row.technician_name as string | undefined) || null), row.dealer)
}

export const nameOf = (row: DocumentRow): string => row.number || titleOf(row) || row.document.slice(0, 8)
