/** A push as a notification in the reader's language. Runs in the service worker: no Vue, no page. */
import { type DaybookDatabase, readMeta } from '../store/database'
import type { Json, Row } from '../store/types'

/** What the server sends: server/notify/jobs.py. */
interface Pushed {
  code: string
  params: Record<string, Json>
  document: string
}

type Words = Record<string, unknown>
const files = import.meta.glob<Words>(['../i18n/notices.*.json', '../i18n/reasons.*.json'], { import: 'default', eager: true })

const plain = {
  'zh-CN': { title: '订货簿', body: '总部有新消息' },
  en: { title: 'Daybook', body: 'News from headquarters' }
} as const

type Locale = keyof typeof plain

export interface Shown {
  title: string
  body: string
  tag: string
  path: string
}

/** The text for a code; of one that this version does not know, that there is news. */
export function wordsFor(pushed: Pushed, locale: Locale, number: string | null): Shown {
  const said = lookUp('notices', locale, pushed.code) ?? lookUp('reasons', locale, pushed.code)
  const params: Record<string, Json> = { number: number ?? '', ...pushed.params }
  const body = said ? said.replaceAll(/\{(\w+)\}/g, (_, name: string) => figure(name, params, locale)) : plain[locale].body
  return {
    title: number ? `${plain[locale].title} · ${number}` : plain[locale].title,
    body,
    tag: pushed.document || pushed.code,
    path: pushed.document ? `/orders/${pushed.document}` : '/attention'
  }
}

export async function showPush(scope: ServiceWorkerGlobalScope, database: DaybookDatabase, data: PushMessageData | null): Promise<void> {
  const pushed = read(data)
  const locale: Locale = (await readMeta(database, 'locale').catch(() => undefined)) === 'en' ? 'en' : 'zh-CN'
  const row: Row | undefined = await database.rows.get(pushed.document).catch(() => undefined)
  const { title, body, tag, path } = wordsFor(pushed, locale, row?.fields.number ?? null)
  await scope.registration.showNotification(title, { body, tag, lang: locale, icon: '/icons/daybook-192.png', data: { path } })
  for (const client of await scope.clients.matchAll({ type: 'window' })) client.postMessage({ pushed })
}

/** Whatever came: browsers demand a notification for each push. */
function read(data: PushMessageData | null): Pushed {
  try {
    const { code, params, document } = data?.json() as Partial<Pushed>
    return {
      code: typeof code === 'string' ? code : '',
      params: typeof params === 'object' && params !== null ? params : {},
      document: typeof document === 'string' ? document : ''
    }
  } catch {
    return { code: '', params: {}, document: '' }
  }
}

const money = new Set(['total', 'amount', 'limit', 'receivable'])

/** Money comes in minor units beside its currency. */
function figure(name: string, params: Record<string, Json>, locale: Locale): string {
  const value = params[name] ?? ''
  if (!money.has(name) || typeof value !== 'number' || typeof params.currency !== 'string') return String(value)
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: params.currency })
  return format.format(value / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

function lookUp(area: string, locale: Locale, code: string): string | null {
  let here: unknown = files[`../i18n/${area}.${locale}.json`]
  for (const step of code.split('.')) here = (here as Words | undefined)?.[step]
  return typeof here === 'string' ? here : null
}
