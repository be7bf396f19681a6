/** Reasons, fields and notices of an order, said in the reader's language with their figures written out. */
import { i18n } from '../../i18n/i18n'
import type { StockLevel } from '../../generated/records'
import { NOTICES, REASONS, type ParamType } from '../../generated/reasons'
import { count, day, money, percent, quantity, said } from '../../i18n/format'

export interface Reason {
  code: string
  params?: { readonly [name: string]: unknown } | undefined
  line?: string | null | undefined
  rule?: string | undefined
}

export interface Saying {
  currency: string
  /** A product's name; its id where it is not known here. */
  productName: (id: string) => string
  dealerName?: (id: string) => string
  personName?: (id: string) => string
}

type Writer = (value: unknown, saying: Saying, amount?: string) => string

const written: Record<ParamType, Writer> = {
  text: String,
  count: (value) => count(Number(value)),
  money: (value, { currency }) => money(typeof value === 'bigint' ? value : Math.round(Number(value)), currency),
  quantity: (value) => quantity(String(value)),
  basis_points: (value) => percent(Number(value)),
  moment: (value) => said(typeof value === 'number' ? value : String(value)),
  date: (value) => (value ? day(String(value)) : '…'),
  product: (value, { productName }) => productName(String(value)),
  dealer: (value, { dealerName }) => dealerName?.(String(value)) ?? String(value),
  person: (value, { personName }) => personName?.(String(value)) ?? String(value),
  location: (value) => locationWord(String(value))
}

/** Codes among the texts, which have words of their own. */
const words: Record<string, Writer> = {
  unit: (value, _, amount) => unitWord(String(value), amount),
  base_unit: (value, _, amount) => unitWord(String(value), amount),
  field: (value) => fieldWord(String(value)),
  outcome: (value) => i18n.global.t(`goods_receipt.outcomes.${String(value)}`)
}

function writeAll(code: string, given: { readonly [name: string]: unknown }, types: Readonly<Record<string, ParamType>>, saying: Saying) {
  const all: Record<string, string> = { code }
  const amounts = Object.entries(given).flatMap(([name, value]) => (types[name] === 'quantity' ? [String(value)] : []))
  /** One unit may stand behind several amounts: it is one only where all are. */
  const amount = amounts.find((each) => each !== '1') ?? '1'
  for (const [name, value] of Object.entries(given)) {
    const type = types[name] ?? 'text'
    const write = (type === 'text' && words[name]) || written[type]
    all[name] = value === null || value === undefined ? '' : write(value, saying, amount)
  }
  return all
}

/** `dealer:alfki:cold` is a place of the store; whose it is, the reader knows. */
export function locationWord(location: string): string {
  const [head = '', , place] = location.split(':')
  const word = i18n.global.te(`words.locations.${head}`) ? i18n.global.t(`words.locations.${head}`) : location
  return place ? `${word} ${place}` : word
}

/** With an amount, as it stands behind that amount: "1 box", "2 boxes". */
export function unitWord(code: string, amountText = '1'): string {
  const key = `words.units.${code}`
  return i18n.global.te(key) ? i18n.global.t(key, Number(amountText)) : code
}

/** `quantity unit`, as people write it. */
export function quantityWord(amountText: string, unitCode: string): string {
  return i18n.global.t('words.quantityUnit', { quantity: quantity(amountText), unit: unitWord(unitCode, amountText) })
}

/** What headquarters can still promise of a product. */
export function levelWord(level: StockLevel, unitCode: string): string {
  const amount = quantityWord(level.available, unitCode)
  return level.at_least ? i18n.global.t('words.atLeast', { amount }) : amount
}

/** The word for a field or for a path (`lines/l1/quantity`): its last part that has a word. */
export function fieldWord(path: string): string {
  const parts = path.split('/').reverse()
  const known = parts.find((part) => i18n.global.te(`order.fields.${part}`))
  return known ? i18n.global.t(`order.fields.${known}`) : path
}

type Codes = Readonly<Record<string, Readonly<Record<string, ParamType>>>>

/** One sentence for a reason, with its figures. */
export function sayReason(reason: Reason, saying: Saying): string {
  const known = i18n.global.te(`reasons.${reason.code}`) ? reason.code : 'unknown'
  return i18n.global.t(`reasons.${known}`, writeAll(reason.code, reason.params ?? {}, (REASONS as Codes)[reason.code] ?? {}, saying)).trim()
}

/** One sentence for a notice (`order_accepted`, …). */
export function sayNotice(code: string, given: { readonly [name: string]: unknown }, saying: Saying): string {
  const known = i18n.global.te(`notices.${code}`) ? code : 'unknown'
  return i18n.global.t(`notices.${known}`, writeAll(code, given, (NOTICES as Codes)[code] ?? {}, saying))
}

/** One sentence for a change that the sync did not take. */
export function sayRefusal(code: string): string {
  const known = i18n.global.te(`refusals.${code}`) ? code : 'unknown'
  return i18n.global.t(`refusals.${known}`, { code })
}

const grave = new Set([
  'unknown_product', 'unknown_unit', 'quantity_not_positive', 'quantity_step', 'rejected', 'currency_differs', 'no_lines',
  'document_malformed', 'amount_too_large'
])
const good = new Set(['approved', 'price_approved', 'discount_approved', 'credit_approved', 'prepayment_approved', 'shipped', 'delivered', 'invoiced', 'payment_received',
  'goods_received', 'goods_settled', 'sold', 'under_warranty', 'taken_back', 'sent_back', 'return_arrived', 'return_credited', 'return_approved'
])

/** How a reason is marked: what stops, what waits, what is settled, what merely is so. */
export function toneOf(code: string): 'bad' | 'warn' | 'good' | 'part' {
  if (grave.has(code)) return 'bad'
  if (good.has(code)) return 'good'
  return code === 'back_ordered' ? 'part' : 'warn'
}
