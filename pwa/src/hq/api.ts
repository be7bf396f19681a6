/** The wire to headquarters' server: same origin, the session's cookie, JSON, and errors that people can read. */

/** An answer that is an error, or no answer. `code` is stable; the words for it are in `say.ts`. */
export class HqProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail = '',
    readonly figures: Record<string, unknown> = {},
    /** Seconds to wait, where the server said so. */
    readonly retryAfter: number | null = null
  ) {
    super(detail || code)
    this.name = 'HqProblem'
  }

  /** Nobody can say whether it was done: no answer, or one that is not the server's. Asking again is safe with the same key. */
  get uncertain(): boolean {
    return this.status === 0 || this.status >= 500
  }

  get signedOut(): boolean {
    return this.status === 401
  }
}

const LONGEST_WAIT_MS = 20_000
const listeners = new Set<() => void>()

/** Called whenever the server no longer knows this session. Returns how to stop listening. */
export function onSignedOut(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

type Query = Record<string, string | number | undefined | null>

/** A path with the parameters that have a value. */
export function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return search ? `${path}?${search}` : path
}

const STANDARD = new Set(['type', 'title', 'status', 'code', 'detail', 'figures'])

/** The figures of a refusal, and what else the problem says beside its standard members. */
function figuresOf(body: Record<string, unknown>): Record<string, unknown> {
  const more = Object.fromEntries(Object.entries(body).filter(([name]) => !STANDARD.has(name)))
  return typeof body.figures === 'object' && body.figures !== null ? { ...more, ...body.figures } : more
}

async function problemOf(answer: Response): Promise<HqProblem> {
  const waits = Number(answer.headers.get('retry-after'))
  const retryAfter = Number.isFinite(waits) && waits > 0 ? waits : null
  try {
    const body = (await answer.json()) as Record<string, unknown>
    const code = typeof body.code === 'string' ? body.code : 'unreadable'
    return new HqProblem(
      answer.status,
      code,
      typeof body.detail === 'string' ? body.detail : '',
      figuresOf(body),
      retryAfter
    )
  } catch {
    return new HqProblem(answer.status, 'unreadable', '', {}, retryAfter)
  }
}

function isJson(answer: Response): boolean {
  return /^application\/([a-z.-]+\+)?json\b/i.test(answer.headers.get('content-type') ?? '')
}

async function send(method: string, path: string, body: unknown, signal: AbortSignal | undefined): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') headers['X-Daybook'] = '1'
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const clock = AbortSignal.timeout(LONGEST_WAIT_MS)
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, clock]) : clock,
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new HqProblem(0, 'network')
  }
}

/** One request. Throws HqProblem; throws what `fetch` throws only where `signal` stopped it. */
export async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await send(method, path, body, signal)
  if (!answer.ok) {
    const problem = isJson(answer) ? await problemOf(answer) : new HqProblem(answer.status, 'unreadable')
    if (problem.signedOut && path !== '/access/session') for (const tell of listeners) tell()
    throw problem
  }
  if (answer.status === 204) return undefined as T
  // A portal's page with status 200 is no answer of the server.
  if (!isJson(answer)) throw new HqProblem(0, 'unreadable')
  try {
    return (await answer.json()) as T
  } catch (error) {
    if (signal?.aborted) throw error
    throw new HqProblem(0, 'unreadable')
  }
}

export const read = <T>(path: string, signal?: AbortSignal): Promise<T> => ask<T>('GET', path, undefined, signal)
