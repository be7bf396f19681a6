/** The wire form of docs/sync.md: MessagePack out, MessagePack back, and the checks of SY12. */
import { decode, encode } from '@msgpack/msgpack'
import type { JsonObject, RowFields, Json, Verdict } from '../store/types'

export const PROTOCOL = 1
const FORM = 'application/x-msgpack'
/** Requests smaller than this go as they are. */
const WORTH_PACKING = 1024

export interface PushedDocument {
  id: string
  kind: string
  scope: string
  changes: Uint8Array[]
}

export interface SyncRequest {
  protocol: typeof PROTOCOL
  epoch: string | null
  sent_at: number
  cursors: Record<string, string>
  documents: PushedDocument[]
  pull: boolean
  limit: number
}

export interface RefusedChange {
  position: number
  code: string
  detail: string
}

export interface PushResult {
  id: string
  stored: number
  refused: RefusedChange[]
}

export interface FeedDocument {
  id: string
  kind: string
  seq: number
  saved: Uint8Array | null
  changes: Uint8Array[]
  row: RowFields | null
  verdict: Verdict | null
}

export interface FeedRecord {
  kind: string
  key: string
  seq: number
  version: number
  body: Json
}

export interface Feed {
  scope: string
  cursor: string
  more: boolean
  documents: FeedDocument[]
  records: FeedRecord[]
}

export interface SyncAnswer {
  protocol: typeof PROTOCOL
  epoch: string
  server_time: number
  results: PushResult[]
  feeds: Feed[]
  reset: boolean
}

/** The server said no, in its own form: nothing was acknowledged. */
export class SyncRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** Milliseconds that the server asks to be left alone. */
    readonly retryAfter: number | null
  ) {
    super(`${status} ${code}`)
    this.name = 'SyncRefusal'
  }
}

/** What came back is not an answer of this server (a portal, a cut body, another protocol): nothing was acknowledged. */
export class NotAnAnswer extends Error {
  override name = 'NotAnAnswer'
}

export type Fetch = (address: string, init: RequestInit) => Promise<Response>

/** One round trip. Throws SyncRefusal, NotAnAnswer, or what `fetch` throws when there is no network. */
export async function exchange(fetch: Fetch, base: string, token: string, request: SyncRequest): Promise<SyncAnswer> {
  const plain = encode(request)
  const packed = plain.length > WORTH_PACKING ? await gzip(plain) : null
  const response = await fetch(`${base}/sync`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': FORM,
      Accept: FORM,
      ...(packed ? { 'Content-Encoding': 'gzip' } : {})
    },
    body: packed ?? plain,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error'
  })
  if (response.status !== 200) throw await refusal(response)
  if (!isForm(response, FORM)) throw new NotAnAnswer(`content type ${response.headers.get('content-type') ?? 'none'}`)
  let body: unknown
  try {
    body = decode(new Uint8Array(await response.arrayBuffer()))
  } catch (problem) {
    throw new NotAnAnswer(`cannot be read: ${String(problem)}`)
  }
  return checkAnswer(body, request)
}

/** SY12: every field that is acted on is looked at before anything is. */
export function checkAnswer(body: unknown, request: SyncRequest): SyncAnswer {
  if (!isObject(body)) throw new NotAnAnswer('not a map')
  if (body.protocol !== PROTOCOL) throw new NotAnAnswer(`protocol ${String(body.protocol)}`)
  if (typeof body.epoch !== 'string' || body.epoch === '') throw new NotAnAnswer('no epoch')
  if (typeof body.reset !== 'boolean') throw new NotAnAnswer('no reset')
  if (!body.reset && request.epoch !== null && body.epoch !== request.epoch) throw new NotAnAnswer('another epoch')
  if (!Array.isArray(body.results) || !Array.isArray(body.feeds)) throw new NotAnAnswer('no results or feeds')
  checkResults(body.results as unknown[], request.documents)
  for (const feed of body.feeds as unknown[]) checkFeed(feed)
  return body as unknown as SyncAnswer
}

function checkResults(results: unknown[], pushed: readonly PushedDocument[]): void {
  if (results.length !== pushed.length) throw new NotAnAnswer('results for other documents')
  results.forEach((result, i) => {
    const { id, changes } = pushed[i] as PushedDocument
    if (!isObject(result) || result.id !== id || !Array.isArray(result.refused)) throw new NotAnAnswer('results for other documents')
    const refused = result.refused as unknown[]
    const positions = new Set<number>()
    for (const each of refused) {
      if (!isObject(each) || typeof each.code !== 'string' || !Number.isInteger(each.position)) throw new NotAnAnswer('a refusal without position and code')
      const position = each.position as number
      if (position < 0 || position >= changes.length) throw new NotAnAnswer('a refusal of what was not sent')
      positions.add(position)
    }
    if (positions.size !== refused.length || result.stored !== changes.length - refused.length) throw new NotAnAnswer('results do not add up')
  })
}

function checkFeed(feed: unknown): void {
  const whole =
    isObject(feed) &&
    typeof feed.scope === 'string' &&
    typeof feed.cursor === 'string' &&
    typeof feed.more === 'boolean' &&
    Array.isArray(feed.documents) &&
    Array.isArray(feed.records)
  if (!whole) throw new NotAnAnswer('a feed of another form')
  for (const document of feed.documents as unknown[]) {
    const good =
      isObject(document) &&
      typeof document.id === 'string' &&
      typeof document.kind === 'string' &&
      (document.saved === null || document.saved instanceof Uint8Array) &&
      Array.isArray(document.changes) &&
      document.changes.every((chunk) => chunk instanceof Uint8Array)
    if (!good) throw new NotAnAnswer('a document of another form')
  }
  for (const record of feed.records as unknown[]) {
    if (!isObject(record) || typeof record.kind !== 'string' || typeof record.key !== 'string') throw new NotAnAnswer('a record of another form')
  }
}

export async function refusal(response: Response): Promise<Error> {
  if (!isForm(response, 'application/problem+json')) return new NotAnAnswer(`status ${response.status}`)
  try {
    const problem = (await response.json()) as JsonObject
    const code = typeof problem.code === 'string' ? problem.code : 'unnamed'
    return new SyncRefusal(response.status, code, retryAfter(response.headers.get('retry-after')))
  } catch {
    return new NotAnAnswer(`status ${response.status}`)
  }
}

export function retryAfter(header: string | null): number | null {
  if (header === null) return null
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now())
}

function isForm(response: Response, form: string): boolean {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === form
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  if (typeof CompressionStream === 'undefined') return null
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
