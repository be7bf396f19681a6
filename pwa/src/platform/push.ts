/** A push as a notification in the reader's language. Runs in the service worker: no Vue, no page. */
import type { Product } from '../generated/records'
import { named } from '../kinds/product/product'
import { type DaybookDatabase, readMeta } from '../store/database'
import type { Row } from '../store/types'
import { type Locale, type Pushed, wordsFor } from './push-words'

export async function showPush(scope: ServiceWorkerGlobalScope, database: DaybookDatabase, data: PushMessageData | null): Promise<void> {
  const pushed = read(data)
  const locale: Locale = (await readMeta(database, 'locale').catch(() => undefined)) === 'en' ? 'en' : 'zh-CN'
  const row: Row | undefined = await database.rows.get(pushed.document).catch(() => undefined)
  const name = await nameOfProduct(database, pushed, locale).catch(() => null)
  const { title, body, tag, path } = wordsFor(pushed, locale, row?.fields.number ?? null, () => name)
  await scope.registration.showNotification(title, { body, tag, lang: locale, icon: '/icons/daybook-192.png', data: { path } })
}

async function nameOfProduct(database: DaybookDatabase, pushed: Pushed, locale: Locale): Promise<string | null> {
  const { product } = pushed.params
  if (typeof product !== 'string') return null
  const record = await database.records.get(['product', product])
  return named((record?.body as Product | undefined)?.name, locale) || null
}

/** Whatever came: browsers demand a notification for each push. */
function read(data: PushMessageData | null): Pushed {
  const told = parsed(data)
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return {
    code: text(told.code),
    params: typeof told.params === 'object' && told.params !== null ? told.params : {},
    document: text(told.document),
    kind: text(told.kind),
    hq: told.hq === true,
    names: typeof told.names === 'object' && told.names !== null ? told.names : undefined
  }
}

function parsed(data: PushMessageData | null): Partial<Pushed> {
  try {
    return (data?.json() as Partial<Pushed> | null) ?? {}
  } catch {
    return {}
  }
}
