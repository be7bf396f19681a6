import { afterEach, describe, expect, it, vi } from 'vitest'
import { ask, HqProblem, onSignedOut, withQuery } from './api'

const answer = (status: number, body: string, type: string, headers: Record<string, string> = {}): void =>
  void vi.stubGlobal('fetch', vi.fn(async () => new Response(body, { status, headers: { 'content-type': type, ...headers } })))

const problemOf = async (work: Promise<unknown>): Promise<HqProblem> => {
  const error = await work.then(() => null, (thrown: unknown) => thrown)
  if (!(error instanceof HqProblem)) throw new Error(`no problem but ${String(error)}`)
  return error
}

afterEach(() => vi.unstubAllGlobals())

describe('the wire to headquarters', () => {
  it('takes a portal page with status 200, a cut body and no answer for what they are: nothing (SY12)', async () => {
    answer(200, '<html>Sign in to the hotel</html>', 'text/html')
    expect((await problemOf(ask('GET', '/hq/orders'))).code).toBe('unreadable')
    answer(200, '{"rows": [', 'application/json')
    expect((await problemOf(ask('GET', '/hq/orders'))).uncertain).toBe(true)
    vi.stubGlobal('fetch', vi.fn(async () => { throw new TypeError('Failed to fetch') }))
    expect((await problemOf(ask('POST', '/hq/commands', {}))).code).toBe('network')
  })

  it('reads code, figures and the time to wait from a problem', async () => {
    answer(429, '{"code":"slow_down","detail":"x","title":"Too Many Requests","status":429,"type":"y"}', 'application/problem+json', { 'retry-after': '30' })
    const slow = await problemOf(ask('POST', '/access/session', {}))
    expect([slow.code, slow.retryAfter, slow.uncertain, slow.figures]).toEqual(['slow_down', 30, false, {}])
    answer(400, '{"code":"password_too_short","shortest":10}', 'application/problem+json')
    expect((await problemOf(ask('POST', '/access/people', {}))).figures).toEqual({ shortest: 10 })
    answer(409, '{"code":"case_open","figures":{"count":2}}', 'application/problem+json')
    expect((await problemOf(ask('POST', '/hq/commands', {}))).figures).toEqual({ count: 2 })
  })

  it('marks unsafe requests as its own and says when the session is gone, but not at the sign-in itself', async () => {
    answer(401, '{"code":"token_unknown"}', 'application/problem+json')
    const gone = vi.fn()
    const stop = onSignedOut(gone)
    await problemOf(ask('POST', '/access/session', {}))
    expect(gone).not.toHaveBeenCalled()
    await problemOf(ask('POST', '/hq/commands', {}))
    await problemOf(ask('GET', '/hq/orders'))
    expect(gone).toHaveBeenCalledTimes(2)
    stop()
    const calls = vi.mocked(fetch).mock.calls.map(([, init]) => (init?.headers as Record<string, string>)['X-Daybook'])
    expect(calls).toEqual(['1', '1', undefined])
  })

  it('leaves out parameters without a value', () => {
    expect(withQuery('/hq/orders', { q: 'a&b', after: null, verdict: undefined, dealer: '', limit: 0 })).toBe('/hq/orders?q=a%26b&limit=0')
  })
})
