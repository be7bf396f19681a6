/** Numbers, money and times as the reader's language writes them. */
import { computed } from 'vue'
import { i18n, type Locale } from './i18n'

type Exact = Intl.StringNumericLiteral
const locale = computed(() => i18n.global.locale.value as Locale)
const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

/** English dates are written day first, so that no reader takes 4/5 for the wrong one. */
function tag(): string {
  return locale.value === 'en' ? 'en-GB' : locale.value
}

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${tag()}${JSON.stringify(options)}`
  const found = formats.get(key) ?? new Intl.NumberFormat(tag(), options)
  formats.set(key, found)
  return found as Intl.NumberFormat
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${tag()}${JSON.stringify(options)}`
  const found = formats.get(key) ?? new Intl.DateTimeFormat(tag(), options)
  formats.set(key, found)
  return found as Intl.DateTimeFormat
}

/** How many digits a currency has after the point: 2 for CNY, 0 for JPY. */
export function minorDigits(currency: string): number {
  return numberFormat({ style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** Minor units -> the exact decimal: 12345 of CNY is "123.45". */
export function decimalOf(amount: bigint | number, digits: number): string {
  const value = BigInt(amount)
  const text = (value < 0n ? -value : value).toString().padStart(digits + 1, '0')
  const split = text.length - digits
  return (value < 0n ? '-' : '') + text.slice(0, split) + (digits ? `.${text.slice(split)}` : '')
}

/** Money in minor units, with its currency. */
export function money(amount: bigint | number, currency: string): string {
  const digits = minorDigits(currency)
  const format = numberFormat({ style: 'currency', currency, minimumFractionDigits: digits })
  return format.format(decimalOf(amount, digits) as Exact)
}

/** A decimal string such as "1200.5", grouped. */
export function quantity(text: string): string {
  return numberFormat({ maximumFractionDigits: 3 }).format(text as Exact)
}

export function count(value: number): string {
  return numberFormat({ maximumFractionDigits: 0 }).format(value)
}

/** Basis points as a percentage: 1300 is 13 %. */
export function percent(basisPoints: number): string {
  return numberFormat({ style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000)
}

export type Moment = number | string | Date

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

export function clock(at: Moment): string {
  return dateFormat({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))
}

/** As people say it: "today 14:05", "yesterday 09:30", "12 Nov 14:05", with the year where it is another one. */
export function said(at: Moment, now: Moment = Date.now()): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return ''
  const today = new Date(now)
  const days = Math.round((startOfDay(today) - startOfDay(date)) / 86_400_000)
  const t = i18n.global.t
  if (days === 0) return t('words.todayAt', { time: clock(date) })
  if (days === 1) return t('words.yesterdayAt', { time: clock(date) })
  const sameYear = date.getFullYear() === today.getFullYear()
  const day = dateFormat({ day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }).format(date)
  return t('words.dayAt', { day, time: clock(date) })
}

/** To the second, with the zone: what a tap on a time shows. */
export function exact(at: Moment): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return ''
  return dateFormat({ dateStyle: 'full', timeStyle: 'long' }).format(date)
}

/** A calendar day "2026-11-24" without a time zone of its own. */
export function day(iso: string): string {
  const [year, month, date] = iso.split('-').map(Number)
  if (!year || !month || !date) return iso
  return dateFormat({ day: 'numeric', month: 'short', year: 'numeric', weekday: 'short' }).format(new Date(year, month - 1, date))
}

/** Storage as people say it: "1.2 MB". */
export function bytes(size: number): string {
  const [unit, one] = size >= 1e9 ? (['gigabyte', 1e9] as const) : size >= 1e6 ? (['megabyte', 1e6] as const) : (['kilobyte', 1e3] as const)
  return numberFormat({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: one > 1e3 ? 1 : 0 }).format(size / one)
}
