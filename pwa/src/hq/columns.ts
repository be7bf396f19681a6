/** The few columns of its own that the list of a kind has, beside those that all lists have. */
import { count, day, money } from '../i18n/format'
import { choiceLabel } from './kinds'
import type { DocumentRow } from './field-wire'

const OWN: Record<string, readonly string[]> = {
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
export const isFigure = (name: string): boolean => ['lines', 'differences', 'total'].includes(name)

export function cellOf(row: DocumentRow, name: string): string {
  const value = row[name]
  if (value === null || value === undefined || value === '') return ''
  if (name === 'total') return row.currency ? money(Number(value), row.currency) : ''
  if (typeof value === 'number') return count(value)
  const text = String(value)
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return day(text)
  return /^[a-z][a-z_]*$/.test(text) ? choiceLabel(row.kind, name, text) : text
}
