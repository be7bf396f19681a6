/**
 * The forms in which GS1 element strings come, cut into elements: with FNC1, bracketed as printed under the bars, and as a
 * GS1 Digital Link. What an element means is read in gs1.ts.
 */
import { parseBarcode } from 'gs1-barcode-parser-mod'
import { checkDigitFits } from './gtin'
import { GS } from './scan'

export interface Element {
  /** The application identifier; empty where there is none. */
  ai: string
  /** Exactly as it was written. */
  value: string
  /** False: the library does not know this identifier, or what follows is not what it asks for. */
  known: boolean
}

export type Form = 'elements' | 'link' | 'plain'

/** GenSpecs 7.8.5: what begins with these two digits has that length, identifier included, and no separator after it. */
const WHOLE_LENGTH: ReadonlyMap<string, number> = new Map([
  ['00', 20], ['01', 16], ['02', 16], ['03', 16], ['04', 18],
  ['11', 8], ['12', 8], ['13', 8], ['14', 8], ['15', 8], ['16', 8], ['17', 8], ['18', 8], ['19', 8], ['20', 4],
  ['31', 10], ['32', 10], ['33', 10], ['34', 10], ['35', 10], ['36', 10], ['41', 16]
])

/** AIM identifiers of symbols whose first character is FNC1: they carry element strings and nothing else. */
const GS1_SYMBOLS: ReadonlySet<string> = new Set([']C1', ']d2', ']Q3', ']J1', ']e0', ']e1', ']e2'])

/** How scanners spell FNC1 where they cannot type a control character. The signs are none that GS1 allows in a value. */
const SPELLED = /\{GS\}|<GS>|\\u001d|\\x1d|[␝|~^@$`]/gi

/** How many digits an identifier has, for one that the library does not know. GenSpecs 3.2. */
function identifierLength(text: string): number {
  if (/^(2[345]|4[012]|71)/.test(text)) return 3
  return /^(3[1-69]|43|7|8)/.test(text) ? 4 : 2
}

/** One element, named by the library. Only its cutting is used: an unknown identifier is kept, not refused. */
function elementOf(text: string, declared = ''): Element {
  try {
    const [first, ...more] = parseBarcode(text).parsedCodeItems
    if (first && !more.length && (!declared || first.ai === declared)) return { ai: first.ai, value: first.raw, known: true }
  } catch {
    // The library throws a sentence for whatever it cannot read; the element is then told as one that is not known.
  }
  const length = declared.length || (/^\d{2}/.test(text) ? identifierLength(text) : 0)
  return { ai: text.slice(0, length), value: text.slice(length), known: false }
}

function separated(text: string): Element[] {
  const found: Element[] = []
  for (const part of text.split(GS)) {
    let rest = part
    while (rest) {
      const length = WHOLE_LENGTH.get(rest.slice(0, 2)) ?? rest.length
      found.push(elementOf(rest.slice(0, length)))
      rest = rest.slice(length)
    }
  }
  return found
}

function bracketed(text: string): Element[] {
  const [, ...parts] = text.split(/\((\d{2,4})\)/)
  const found: Element[] = []
  for (let place = 0; place + 1 < parts.length; place += 2) {
    const ai = parts[place] ?? ''
    found.push(written(ai, (parts[place + 1] ?? '').trim()))
  }
  return found
}

/** An element whose identifier is told apart from its value. Article numbers may be shorter there than the fourteen of a symbol. */
function written(ai: string, value: string): Element {
  const filled = /^0[12]$/.test(ai) && /^(\d{8}|\d{12,13})$/.test(value) ? value.padStart(14, '0') : value
  return elementOf(ai + filled, ai)
}

/** Identifiers that a Digital Link's path may begin with: what names a thing, a place, a parcel. */
const KEYS = new Set(['00', '01', '253', '255', '401', '402', '414', '417', '8003', '8004', '8006', '8010', '8013', '8017', '8018'])

function linked(text: string): Element[] | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const address = new URL(text)
  const parts = address.pathname.split('/').filter(Boolean).map(decoded)
  // The path before the key is the firm's own; from the key on, identifiers and values alternate to its end.
  const begin = parts.findIndex((part, place) => {
    const ends = parts.length - place
    return KEYS.has(part) && ends % 2 === 0 && parts.slice(place).every((each, n) => n % 2 === 1 || /^\d{2,4}$/.test(each))
  })
  if (begin < 0) return null
  const found: Element[] = []
  for (let place = begin; place + 1 < parts.length; place += 2) found.push(written(parts[place] ?? '', parts[place + 1] ?? ''))
  for (const [name, value] of address.searchParams) if (/^\d{2,4}$/.test(name)) found.push(written(name, value))
  return found
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Signs in full width, as a Chinese input method types them, and what a scanner adds around a code. */
function cleaned(text: string): string {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
  return narrow.replace(/^[\ufeff\u0000\s]+|[\u0000\s]+$/g, (edge) => edge.replaceAll(/[^\u001d]/g, ''))
}

/** Without a word of the scanner that this is GS1: only what begins with an article number or parcel whose check digit fits. */
function looksLikeElements(text: string): boolean {
  const [, article, parcel] = /^(?:0[12](\d{14})|00(\d{18}))/.exec(text) ?? []
  return checkDigitFits(article ?? parcel ?? '')
}

/** `separator`: how this device's scanner is set up to spell FNC1, where it uses a sign that GS1 allows in values. */
export function cut(given: string, separator = ''): { form: Form; elements: Element[]; text: string } {
  const whole = cleaned(given)
  const symbol = /^\][A-Za-z][0-9A-Za-z]/.exec(whole)?.[0] ?? ''
  const text = whole.slice(symbol.length)
  const link = linked(text)
  if (link) return { form: 'link', elements: link, text }
  if (/^\(\d{2,4}\)/.test(text)) return { form: 'elements', elements: bracketed(text), text }
  const respelled = respell(text, separator)
  if (GS1_SYMBOLS.has(symbol) || looksLikeElements(respelled) || (text.includes(GS) && /^\u001d*\d{2}/.test(text)))
    return { form: 'elements', elements: separated(respelled), text }
  return { form: 'plain', elements: [], text: text.replaceAll(GS, '') }
}

function respell(text: string, separator: string): string {
  if (text.includes(GS)) return text
  if (separator && text.includes(separator)) return text.replaceAll(separator, GS)
  return text.replace(SPELLED, GS)
}
