/** A value of an order's field as the reader writes it. */
import { i18n } from '../../i18n/i18n'
import { day, money, percent, quantity, said } from '../../i18n/format'
import type { Json } from '../../store'
import { quantityWord, unitWord } from './text'

export function valueWord(path: string, value: Json, currency: string, productName: (id: string) => string): string {
  const t = i18n.global.t
  if (value === null || value === undefined || value === '') return t('words.nothing')
  const field = path.split('/').at(-1) ?? ''
  if (typeof value === 'object' && !Array.isArray(value)) {
    if (typeof value['product'] === 'string')
      return `${productName(value['product'])}, ${quantityWord(String(value['quantity'] ?? ''), String(value['unit'] ?? ''))}`
    return String(value['name'] ?? Object.values(value).filter((each) => typeof each === 'string').join(', '))
  }
  if (field === 'price') return money(Number(value), currency)
  if (field === 'quantity') return quantity(String(value))
  if (field === 'discount_bp') return percent(Number(value))
  if (field === 'unit') return unitWord(String(value))
  if (field === 'product') return productName(String(value))
  if (field === 'wanted_date') return day(String(value))
  if (field === 'stage') return t(`order.stages.${String(value)}`)
  if (field.endsWith('_at')) return said(String(value))
  return String(value)
}
