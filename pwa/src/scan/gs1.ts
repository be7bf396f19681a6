/**
 * What a scanned or typed code says, by the GS1 General Specifications: the one place that knows them. It takes any string, never
 * throws, and has no clock: the year that two-digit years are read by is passed in. Quantities and amounts stay exact decimal
 * strings.
 */
import { cut, type Element, type Form } from './elements'
import { checkDigitFits, gtinOf, paddedGtin, upcAOf } from './gtin'

export type Gs1ProblemCode = 'check_digit' | 'date' | 'number' | 'length' | 'unknown' | 'repeated'

export interface Gs1Problem {
  code: Gs1ProblemCode
  /** Empty for a code without identifiers. */
  ai: string
  value: string
}

export interface Amount {
  value: string
  /** ISO 4217, the number: 156 is CNY. Without it, the currency of the place. */
  currency?: string
}

export interface Gs1 {
  form: Form | 'gtin'
  /** The code without symbology identifier and separators around it: what to search for where nothing is known. */
  text: string
  /** Fourteen digits. */
  gtin?: string
  /** The GTIN of what the parcel holds (02). */
  contains?: string
  sscc?: string
  batch?: string
  serial?: string
  variant?: string
  /** Days, YYYY-MM-DD. */
  production?: string
  due?: string
  packed?: string
  bestBefore?: string
  sellBy?: string
  expiry?: string
  /** How many items the parcel holds (37). */
  count?: string
  /** How many pieces the item holds (30). */
  variableCount?: string
  /** Kilograms (310n). */
  netWeight?: string
  /** To pay (390n, 391n). */
  amount?: Amount
  /** Of the item (392n, 393n). */
  price?: Amount
  /** All other elements, also those that are not known. `decimal`: the value of a measure with its point. */
  others: { ai: string; value: string; decimal?: string }[]
  problems: Gs1Problem[]
}

type Plain = 'gtin' | 'contains' | 'sscc' | 'batch' | 'serial' | 'variant'
type Day = 'production' | 'due' | 'packed' | 'bestBefore' | 'sellBy' | 'expiry'

const PLAIN: Readonly<Record<string, Plain>> = { '00': 'sscc', '01': 'gtin', '02': 'contains', '10': 'batch', '20': 'variant', '21': 'serial' }
const DAYS: Readonly<Record<string, Day>> = { '11': 'production', '12': 'due', '13': 'packed', '15': 'bestBefore', '16': 'sellBy', '17': 'expiry' }
const COUNTS: Readonly<Record<string, 'count' | 'variableCount'>> = { '30': 'variableCount', '37': 'count' }

/** The longest value; a longer one has lost the separator after it. The library does not look. */
const LONGEST: Readonly<Record<string, number>> = {
  '10': 20, '21': 20, '22': 20, '30': 8, '37': 8, '240': 30, '241': 30, '242': 6, '250': 30, '251': 30, '400': 30, '401': 30, '402': 17,
  '403': 30, '420': 20
}
const CHECKED = /^(00|01|02|41[0-7])$/

/** GenSpecs 7.12: from 49 years before to 50 years after the year of reading. */
function century(twoDigits: number, year: number): number {
  const now = year - (year % 100)
  const gap = twoDigits - (year % 100)
  return now + twoDigits + (gap >= 51 ? -100 : gap <= -50 ? 100 : 0)
}

/** YYMMDD as YYYY-MM-DD; the day 00 is the last of its month. Null for a day that there is not. */
export function dayOf(value: string, year: number): string | null {
  const parts = /^(\d\d)(\d\d)(\d\d)$/.exec(value)?.slice(1).map(Number)
  if (!parts) return null
  const [short = 0, month = 0, day = 0] = parts
  if (month < 1 || month > 12) return null
  const full = century(short, year)
  const last = new Date(Date.UTC(full, month, 0)).getUTCDate()
  if (day > last) return null
  const two = (number: number) => String(number).padStart(2, '0')
  return `${full}-${two(month)}-${two(day || last)}`
}

/** Digits with so many after the point: exact, the zeros after it kept, those before it not. */
export function decimalOf(digits: string, places: number): string | null {
  if (!/^\d+$/.test(digits) || !(places <= digits.length)) return null
  const whole = digits.slice(0, digits.length - places).replace(/^0+(?=\d)/, '') || '0'
  return places ? `${whole}.${digits.slice(-places)}` : whole
}

/** Why the library could not read an element that begins so. */
function faultOf(ai: string): Gs1ProblemCode {
  if (CHECKED.test(ai)) return 'length'
  if (DAYS[ai]) return 'date'
  return /^3(1[0-6]|[2-6]\d|9[0-4])\d$/.test(ai) ? 'number' : 'unknown'
}

class Reading {
  readonly problems: Gs1Problem[] = []
  readonly result: Gs1

  constructor(form: Form, text: string, readonly year: number) {
    this.result = { form, text, others: [], problems: this.problems }
  }

  take({ ai, value, known }: Element): void {
    if (!known) return this.unread(faultOf(ai), ai, value)
    if (value.length > (LONGEST[ai] ?? Infinity) || !value) this.problem('length', ai, value)
    if (CHECKED.test(ai) && !checkDigitFits(value)) this.problem('check_digit', ai, value)
    const plain = PLAIN[ai]
    if (/^0[012]$/.test(ai) && !/^\d+$/.test(value)) return this.unread('number', ai, value)
    const day = DAYS[ai]
    const count = COUNTS[ai]
    if (plain) this.set(plain, value, ai)
    else if (day) this.dated(day, ai, value)
    else if (count) this.set(count, decimalOf(value, 0), ai, value)
    else if (/^310\d$/.test(ai)) this.set('netWeight', decimalOf(value, Number(ai[3])), ai, value)
    else if (/^39[0-3]\d$/.test(ai)) this.money(ai, value)
    else this.other(ai, value)
  }

  private dated(name: Day, ai: string, value: string): void {
    const day = dayOf(value, this.year)
    if (day) this.set(name, day, ai, value)
    else this.unread('date', ai, value)
  }

  /** 391n and 393n begin with the currency's three digits. */
  private money(ai: string, value: string): void {
    const currency = ai[2] === '1' || ai[2] === '3' ? value.slice(0, 3) : ''
    const decimal = decimalOf(value.slice(currency.length), Number(ai[3]))
    if (decimal === null || (currency && !/^\d{3}$/.test(currency))) return this.unread('number', ai, value)
    if (value.length > 15 + currency.length) this.problem('length', ai, value)
    const name = ai[2] === '0' || ai[2] === '1' ? 'amount' : 'price'
    if (this.result[name]) this.problem('repeated', ai, value)
    else this.result[name] = currency ? { value: decimal, currency } : { value: decimal }
  }

  private other(ai: string, value: string): void {
    const measured = /^(3[1-6]\d|394)\d$/.test(ai)
    const decimal = measured ? decimalOf(value, Number(ai[3])) : null
    if (measured && decimal === null) return this.unread('number', ai, value)
    if (ai === '8005' && !/^\d{6}$/.test(value)) this.problem('number', ai, value)
    if (ai === '8008' && !/^\d{8,12}$/.test(value)) this.problem('date', ai, value)
    else if (ai === '8008' && !dayOf(value.slice(0, 6), this.year)) this.problem('date', ai, value)
    this.result.others.push(decimal === null ? { ai, value } : { ai, value, decimal })
  }

  private set(name: Plain | Day | 'count' | 'variableCount' | 'netWeight', value: string | null, ai: string, written = value ?? ''): void {
    if (value === null) return this.unread('number', ai, written)
    const before = this.result[name]
    if (before === undefined) this.result[name] = value
    else if (before !== value) this.problem('repeated', ai, written)
  }

  private unread(code: Gs1ProblemCode, ai: string, value: string): void {
    this.problem(code, ai, value)
    this.result.others.push({ ai, value })
  }

  problem(code: Gs1ProblemCode, ai: string, value: string): void {
    this.problems.push({ code, ai, value })
  }
}

/** `year`: of now, as four digits. `separator`: how this device's scanner spells FNC1, where it is not one that is known anyway. */
export function readGs1(given: string, year: number, separator = ''): Gs1 {
  const { form, elements, text } = cut(given, separator)
  const reading = new Reading(form, text, year)
  for (const element of elements) reading.take(element)
  if (form === 'plain') plainNumber(reading, text)
  return reading.result
}

/** EAN-8, UPC-A and UPC-E, EAN-13, ITF-14: the number alone. */
function plainNumber({ result, problems }: Reading, text: string): void {
  const upcA = upcAOf(text)
  const gtin = gtinOf(text) ?? (upcA && paddedGtin(upcA))
  if (gtin) Object.assign(result, { form: 'gtin', gtin })
  else if (paddedGtin(text)) problems.push({ code: 'check_digit', ai: '', value: text })
}
