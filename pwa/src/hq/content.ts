/** What stands in a document of any kind, in people's words: facts, tables of lines, photos. Knows no kind. */
import { day, money, quantity, said } from '../i18n/format'
import { i18n } from '../i18n/i18n'
import { locationWord, unitWord } from '../kinds/order/text'
import { productName, productOf, writerOf } from './detail'
import { choiceLabel, fieldLabel, oneWord } from './kinds'
import type { Detail, Figures } from './wire'

export interface Told {
  text: string
  /** Another document, to go to. */
  to?: { kind: string; document: string }
}

export interface Fact extends Told {
  name: string
  label: string
}

export interface Photo {
  hash: string
  at: string
  of: string
}

export interface ContentTable {
  name: string
  label: string
  columns: { name: string; label: string; end: boolean }[]
  rows: { key: string; cells: Told[] }[]
  /** Rows that there are beyond those that are shown. */
  further: number
}

export interface Content {
  facts: Fact[]
  tables: ContentTable[]
  photos: Photo[]
}

/** Said in the head of the page, or nothing that people read. */
const UNSAID = new Set(['kind', 'schema', 'number', 'dealer', 'device', 'currency', 'position', 'line', 'strokes', 'image', 'width', 'height', 'signed_hash', 'hash'])
const MOST_ROWS = 200
const DOCUMENT = /^[0-9a-f]{32}$/
const CHOICE = /^[a-z][a-z_]*$/
const DECIMAL = /^-?\d{1,12}(\.\d{1,3})?$/
const MONEY = new Set(['price', 'amount', 'net', 'tax', 'total', 'paid', 'due', 'value', 'cost'])
const AMOUNTS = new Set(['quantity', 'received', 'damaged', 'good', 'scrapped', 'counted', 'book', 'difference'])

const isMap = (value: unknown): value is Figures => typeof value === 'object' && value !== null && !Array.isArray(value)
const isPhoto = (value: unknown): boolean => isMap(value) && typeof value.hash === 'string' && value.hash.length === 64
const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (typeof value === 'object' && Object.values(value).every(isEmpty))

/** One value as people write it. */
export function sayField(detail: Detail, name: string, value: unknown, beside: Figures = {}): Told {
  const currency = String(detail.row.currency ?? detail.content?.currency ?? 'CNY')
  if (isEmpty(value)) return { text: '' }
  if (typeof value === 'boolean') return { text: i18n.global.t(value ? 'words.yes' : 'words.no') }
  if (typeof value === 'number') {
    if (MONEY.has(name)) return { text: money(value, currency) }
    return { text: name.endsWith('_at') || name === 'at' ? said(value) : quantity(String(value)) }
  }
  if (Array.isArray(value)) return { text: value.map((each) => sayField(detail, name, each).text).filter(Boolean).join(', ') }
  if (isMap(value)) return { text: sayMap(detail, value) }
  const text = String(value)
  if (name === 'product') return { text: productName(detail, text) }
  if (name === 'technician') return { text: detail.technician_name ?? writerOf(detail) }
  if (DOCUMENT.test(text)) return sayDocument(detail, text)
  if (name.endsWith('unit')) return { text: unitWord(text, String(beside.quantity ?? beside.received ?? '1')) }
  if (AMOUNTS.has(name) && DECIMAL.test(text)) return { text: quantity(text) }
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return { text: said(text) }
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { text: day(text) }
  if (text.startsWith('geo:')) return { text: text.slice(4).split(';')[0]!.replace(',', ', ') }
  if (text.startsWith('van:')) return { text: placeWord(text, detail.technician_name ?? writerOf(detail)) }
  if (/^(dealer|warehouse):/.test(text)) return { text: placeWord(text, detail.dealer_name ?? null, detail.dealer ?? null) }
  return { text: CHOICE.test(text) ? choiceLabel(detail.kind, name, text) : text }
}

function sayMap(detail: Detail, map: Figures): string {
  return Object.entries(map)
    .filter(([name, value]) => !UNSAID.has(name) && !isEmpty(value) && !(typeof value === 'string' && value.length > 500))
    .map(([name, value]) => sayField(detail, name, value, map).text)
    .join(' · ')
}

function sayDocument(detail: Detail, id: string): Told {
  const known = detail.documents?.[id]
  if (!known) return { text: i18n.global.t('desk.elsewhere') }
  return { text: [known.number, known.title].filter(Boolean).join(' · ') || oneWord(known.kind), to: { kind: known.kind, document: id } }
}

/** `dealer:alfki:cold` as headquarters reads it: whose it is, and which place there. */
export function placeWord(location: string, name: string | null, dealer: string | null = null): string {
  const [head = '', who = '', place] = location.split(':')
  if (head === 'dealer') return [name && (!dealer || dealer === who) ? name : who, place].filter(Boolean).join(' · ')
  const word = i18n.global.te(`desk.places.${head}`) ? i18n.global.t(`desk.places.${head}`) : locationWord(location)
  return [word, name ?? (who === 'main' ? '' : who)].filter(Boolean).join(' · ')
}

function tableOf(detail: Detail, name: string, map: Figures): ContentTable {
  const lines = (Object.entries(map) as [string, Figures][]).map(([key, line]): [string, Figures] => [key, line.line ? { product: productOf(detail, key), ...line } : line])
  const entries = lines.sort(
    ([a, one], [b, other]) => Number(one.position ?? 0) - Number(other.position ?? 0) || (a < b ? -1 : 1)
  )
  const names = [...new Set(entries.flatMap(([, line]) => Object.keys(line)))].filter(
    (each) => !UNSAID.has(each) && each !== 'photos' && entries.some(([, line]) => !isEmpty(line[each]))
  )
  const columns = [...names.filter((each) => each === 'product'), ...names.filter((each) => each !== 'product')]
  return {
    name,
    label: fieldLabel(detail.kind, name),
    columns: columns.map((each) => ({ name: each, label: fieldLabel(detail.kind, each), end: AMOUNTS.has(each) || MONEY.has(each) })),
    rows: entries.slice(0, MOST_ROWS).map(([key, line]) => ({ key, cells: columns.map((each) => sayField(detail, each, line[each], line)) })),
    further: Math.max(0, entries.length - MOST_ROWS)
  }
}

/** What stands for each product alone, as lines: how much of it, or how much money. */
function byProduct(detail: Detail, map: Figures): Figures {
  const line = (product: string, value: unknown): Figures => (typeof value === 'number' ? { product, amount: value } : { product, quantity: value, unit: detail.units?.[product] ?? '' })
  return Object.fromEntries(Object.entries(map).map(([product, value]) => [product, line(product, value)]))
}

function photosIn(part: unknown, of: string, found: Photo[]): void {
  if (isPhoto(part)) {
    const photo = part as { hash: string; taken_at?: string }
    found.push({ hash: photo.hash, at: photo.taken_at ?? '', of })
  } else if (typeof part === 'object' && part !== null) {
    const named = isMap(part) && typeof part.product === 'string' ? part.product : of
    for (const each of Object.values(part)) photosIn(each, named, found)
  }
}

export function contentOf(detail: Detail): Content {
  const facts: Fact[] = []
  const tables: ContentTable[] = []
  const photos: Photo[] = []
  photosIn(detail.content ?? {}, '', photos)
  for (const [name, value] of Object.entries(detail.content ?? {})) {
    if (UNSAID.has(name) || isEmpty(value)) continue
    if (isMap(value)) {
      const inner = Object.values(value)
      if (Object.keys(value).every((each) => each in detail.products) && inner.every((each) => typeof each === 'string' || typeof each === 'number')) {
        tables.push(tableOf(detail, name, byProduct(detail, value)))
        continue
      }
      if (inner.every(isPhoto)) continue
      // Answers to questions: each stands beside its own.
      if (inner.every((each) => each === null || (typeof each === 'string' && CHOICE.test(each)))) {
        for (const [asked, answer] of Object.entries(value)) {
          if (answer) facts.push({ name: asked, label: fieldLabel(detail.kind, asked), text: choiceLabel(detail.kind, name, String(answer)) })
        }
        continue
      }
      if (inner.every((each) => isMap(each))) {
        tables.push(tableOf(detail, name, value))
        continue
      }
      // A map of ids that are only there or not: the products of a list.
      if (inner.every((each) => typeof each === 'boolean')) {
        const chosen = Object.keys(value).filter((each) => value[each] === true)
        facts.push({ name, label: fieldLabel(detail.kind, name), text: chosen.slice(0, MOST_ROWS).map((each) => productName(detail, each)).join(', ') })
        continue
      }
    }
    const told = sayField(detail, name, value)
    if (told.text) facts.push({ name, label: fieldLabel(detail.kind, name), ...told })
  }
  return { facts, tables, photos }
}
