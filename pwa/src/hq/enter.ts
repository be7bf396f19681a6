/** What people type into fields, read exactly. */
import { minorDigits } from '../i18n/format'

/** "1,234.5" -> 123450 minor units of a currency with two digits; null where it is no such amount. */
export function parseMoney(text: string, currency: string): number | null {
  const plain = text.replace(/[\s,，]/g, '').replace('。', '.')
  const found = /^(\d{1,12})(?:\.(\d*))?$/.exec(plain)
  if (!found) return null
  const digits = minorDigits(currency)
  const fraction = found[2] ?? ''
  if (fraction.length > digits) return null
  return Number(found[1]! + fraction.padEnd(digits, '0'))
}

/** This day here, as a date field holds it. */
export function today(now = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
