/** What a notification says, and where a tap on it leads. No Vue, no page: it runs in the service worker. */
import type { Names } from '../generated/records'
import { NOTICES, type ParamType } from '../generated/reasons'
import { named } from '../kinds/product/product'
import { screenOfNotice } from '../kinds/screens'
import type { Json } from '../store/types'

/** What the server sends: server/notify/jobs.py. */
export interface Pushed {
  code: string
  params: Record<string, Json>
  /** Empty where it is about no document; `kind` too. */
  document: string
  kind: string
  /** For headquarters, whose screens are others and who has no local store. */
  hq: boolean
  /** Of what it is about, for headquarters: a product's in both languages, and whose place it is. */
  names?: { readonly product?: Names; readonly place?: string } | undefined
}

export interface Shown {
  title: string
  body: string
  /** One notification stands for each thing that is told of; the newer one takes its place. */
  tag: string
  path: string
}

export type Locale = 'zh-CN' | 'en'
type Words = Record<string, unknown>
/** A product's name in the reader's language; null where it is not known here. */
export type NameOf = (product: string) => string | null

const sentences = import.meta.glob<Words>('../i18n/notices.*.json', { import: 'default', eager: true })
const ofKinds = import.meta.glob<Words>('../kinds/*/words.*.json', { import: 'notices', eager: true })
const places = import.meta.glob<Words>('../i18n/words.*.json', { import: 'locations', eager: true })

const plain = {
  'zh-CN': { title: '订货簿', body: '总部有新消息' },
  en: { title: 'Daybook', body: 'News from headquarters' }
} as const

/** `number` is that of the entry, where it is known here. A code that this version does not know reads as news. */
export function wordsFor(pushed: Pushed, locale: Locale, number: string | null, nameOf: NameOf): Shown {
  const types = (NOTICES as Record<string, Readonly<Record<string, ParamType>>>)[pushed.code] ?? {}
  const params: Record<string, Json> = { number: number ?? '', ...pushed.params }
  const known = (product: string): string | null => named(pushed.names?.product, locale) || nameOf(product)
  const write = (name: string): string => {
    const figure = figureOf(types[name] ?? 'text', params[name] ?? '', params, locale, known)
    return types[name] === 'location' && pushed.names?.place ? `${pushed.names.place} · ${figure}` : figure
  }
  const body = sentence(pushed.code, locale)?.replaceAll(/\{(\w+)\}/g, (_, name: string) => write(name)) ?? plain[locale].body
  return {
    title: number ? `${plain[locale].title} · ${number}` : plain[locale].title,
    body,
    tag: pushed.document || [pushed.code, params.location, params.product].filter(Boolean).join(' '),
    path: pathOf(pushed)
  }
}

/** The routes `open` and `hq-open` know the screen of each kind. */
function pathOf({ hq, document, kind, code }: Pushed): string {
  const root = hq ? '/hq' : ''
  if (document && kind) return `${root}/open/${kind}/${document}`
  if (screenOfNotice(code) === 'stock') return hq ? '/hq/places' : '/stock'
  return `${root}/attention`
}

function figureOf(type: ParamType, value: Json, { currency }: Record<string, Json>, locale: Locale, nameOf: NameOf): string {
  if (type === 'product') return nameOf(String(value)) ?? String(value)
  if (type === 'location') return locationWord(String(value), locale)
  if (type === 'quantity') return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(String(value) as Intl.StringNumericLiteral)
  if (type !== 'money' || typeof value !== 'number' || typeof currency !== 'string') return String(value)
  // Minor units beside their currency.
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(value / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** `dealer:alfki:cold` is a place of the store; whose it is, the reader knows. */
function locationWord(location: string, locale: Locale): string {
  const [head = '', , place] = location.split(':')
  const word = places[`../i18n/words.${locale}.json`]?.[head]
  return typeof word !== 'string' ? location : place ? `${word} ${place}` : word
}

function sentence(code: string, locale: Locale): string | undefined {
  const named = Object.entries(ofKinds).filter(([file]) => file.endsWith(`.${locale}.json`))
  const found = [sentences[`../i18n/notices.${locale}.json`], ...named.map(([, words]) => words)].map((words) => words?.[code])
  return found.find((said) => typeof said === 'string')
}
