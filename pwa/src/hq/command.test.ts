// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useCommand, type Act } from './command'

vi.mock('./say', () => ({ sayProblem: () => '' }))

const act: Act = { kind: 'order', document: 'a'.repeat(32), name: 'approve', params: { note: 'fine' } }
const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' } })

function serverAnswering(...answers: (() => Response)[]) {
  const bodies: Record<string, unknown>[] = []
  const server = vi.fn(async (_: string, asked: RequestInit) => {
    bodies.push(JSON.parse(String(asked.body)) as Record<string, unknown>)
    const next = answers.shift()
    if (!next) throw new Error('asked too often')
    return next()
  })
  vi.stubGlobal('fetch', server)
  return bodies
}

const lost = (): Response => {
  throw new TypeError('network')
}
const done = (): Response => json(200, { document: act.document, verdict: 'accepted', decision: null })

afterEach(() => vi.unstubAllGlobals())

describe('an act of headquarters (SY11)', () => {
  it('carries the same key and the same body again while nobody knows whether it was done', async () => {
    const bodies = serverAnswering(lost, () => json(503, { code: 'busy' }), () => new Response('<html>portal</html>', { headers: { 'content-type': 'text/html' } }), done)
    const command = useCommand()
    for (const expected of ['uncertain', 'uncertain', 'uncertain', 'done']) {
      await command.run({ ...act, params: { note: `typed again ${expected}` } })
      expect(command.state.value).toBe(expected)
    }
    expect(new Set(bodies.map((body) => body.key)).size).toBe(1)
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
  })

  it('is a new act with a new key after a clear refusal', async () => {
    const bodies = serverAnswering(() => json(409, { code: 'more_than_allocated', figures: { quantity: '9', rest: '5' } }), done)
    const command = useCommand()
    await command.run(act)
    expect(command.state.value).toBe('refused')
    expect(command.problem.value?.figures).toEqual({ quantity: '9', rest: '5' })
    await command.run({ ...act, params: { note: 'another' } })
    expect(command.state.value).toBe('done')
    expect(bodies[0]?.key).not.toBe(bodies[1]?.key)
    expect(bodies[1]?.params).toEqual({ note: 'another' })
  })

  it('is not sent twice by an impatient hand, nor again once it is done', async () => {
    const bodies = serverAnswering(done)
    const command = useCommand()
    await Promise.all([command.run(act), command.run(act)])
    await command.run(act)
    expect(bodies).toHaveLength(1)
  })

  it('has a key of its own in every panel', async () => {
    const bodies = serverAnswering(done, done)
    await useCommand().run(act)
    await useCommand().run(act)
    expect(bodies[0]?.key).toMatch(/^[0-9a-f]{32}$/)
    expect(bodies[0]?.key).not.toBe(bodies[1]?.key)
  })
})
