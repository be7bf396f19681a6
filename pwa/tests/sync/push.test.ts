import * as A from '@automerge/automerge/slim'
import { describe, expect, it, vi } from 'vitest'
import { Documents } from '../../src/store/documents'
import { readMeta } from '../../src/store/database'
import { FakeServer, msgpack, problem } from '../support/server'
import { anOrder, newTablet, noNetwork, ready, scope, type Tablet } from '../support/tablet'

async function states(tablet: Tablet): Promise<string[]> {
  const own = (await tablet.database.changes.orderBy('n').toArray()).filter((change) => change.state !== 'received')
  return own.map((change) => change.state)
}

async function submit(tablet: Tablet, id: string): Promise<void> {
  await tablet.documents.change(id, 'submitted', [{ op: 'set', path: 'stage', value: 'submitted' }])
}

describe('the way of an entry', () => {
  it('on this device, stored, decided', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    const { id } = await tablet.documents.create('order', scope, anOrder())
    expect(await tablet.database.rows.get(id)).toMatchObject({ status: 'device', waiting: 1, mine: 1 })
    await tablet.engine.round()
    expect(await tablet.database.rows.get(id)).toMatchObject({ status: 'stored', waiting: 0, verdict: 'draft' })
    server.verdict = 'held'
    await submit(tablet, id)
    expect(await tablet.database.rows.get(id)).toMatchObject({ status: 'device', waiting: 1 })
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'done', requests: 1 })
    expect(await tablet.database.rows.get(id)).toMatchObject({ status: 'decided', waiting: 0, verdict: 'held' })
    expect(await tablet.database.records.get(['decision', id])).toMatchObject({ body: { verdict: 'held' } })
    expect(server.requests[0]).toMatchObject({ protocol: 1, pull: true, documents: [{ id, kind: 'order', scope }] })
  })

  it('many documents go in one request; a large request is packed', async () => {
    const server = new FakeServer()
    let encoding: string | undefined
    const tablet = await newTablet(async (address, init) => {
      encoding = (init.headers as Record<string, string>)['Content-Encoding']
      return await server.fetch(address, init)
    })
    for (let i = 0; i < 20; i++) await tablet.documents.create('order', scope, anOrder())
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'done', requests: 1 })
    expect(server.documents.size).toBe(20)
    expect(encoding).toBe('gzip')
  })
})

describe('SY1: pushing again changes nothing', () => {
  it('an answer that is lost is asked for again and posts once', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    const { id } = await tablet.documents.create('order', scope, anOrder())
    server.instead = [() => Promise.reject(new TypeError('connection reset'))]
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'failed', problem: 'unreachable' })
    expect(await states(tablet)).toEqual(['waiting'])
    const after = tablet.reopened()
    await after.engine.round()
    expect(await states(after)).toEqual(['stored'])
    expect([...server.appended.values()]).toEqual([1])
    expect(await after.database.rows.get(id)).toMatchObject({ status: 'stored' })
  })

  it('two tabs and the service worker syncing at once take turns', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    for (let i = 0; i < 5; i++) await tablet.documents.create('order', scope, anOrder())
    await Promise.all([tablet.engine.round(), tablet.engine.round(), tablet.engine.round()])
    expect(server.requests.map((request) => request.documents.length)).toEqual([5, 0, 0])
  })
})

describe('SY4: one bad change never blocks the others', () => {
  it('it is kept, shown with its code, left out of the content and not sent again', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    const good = await tablet.documents.create('order', scope, anOrder())
    const bad = await tablet.documents.create('order', scope, anOrder())
    await tablet.engine.round()
    server.refuse = (message) => (message.startsWith('price_changed') ? 'path_forbidden' : null)
    await tablet.documents.change(bad.id, 'price_changed', [{ op: 'set', path: 'lines/l1/price', value: 1 }])
    await submit(tablet, bad.id)
    await submit(tablet, good.id)
    await tablet.engine.round()
    expect(await tablet.database.rows.get(good.id)).toMatchObject({ waiting: 0, refused: 0 })
    const refused = await tablet.database.changes.where('state').equals('refused').toArray()
    expect(refused.map((change) => change.code)).toEqual(['path_forbidden', 'dependency_missing'])
    expect(await tablet.database.rows.get(bad.id)).toMatchObject({ waiting: 0, refused: 2 })
    expect((await tablet.documents.open(bad.id)).content).toMatchObject({ stage: 'draft', lines: { l1: { price: 1800 } } })
    // What is written next does not stand on what was refused.
    await submit(tablet, bad.id)
    await tablet.engine.round()
    expect(await tablet.database.rows.get(bad.id)).toMatchObject({ waiting: 0, refused: 2 })
    expect(server.requests.at(-1)!.documents[0]!.changes).toHaveLength(1)
    const after = tablet.reopened()
    expect((await after.documents.open(bad.id)).content.stage).toBe('submitted')
    // Its actor is another one: were the refused ones offered again, one sequence number would mean two things.
    const refusedActors = refused.map((change) => A.decodeChange(change.chunk).actor)
    const last = (await after.database.changes.where('document').equals(bad.id).sortBy('n')).at(-1)!
    expect(refusedActors).not.toContain(A.decodeChange(last.chunk).actor)
  })

  it('a document that is refused whole can still be read, and not changed', async () => {
    const server = new FakeServer()
    server.refuse = () => 'scope_forbidden'
    const tablet = await newTablet(server.fetch)
    const { id } = await tablet.documents.create('order', scope, anOrder())
    await tablet.engine.round()
    expect((await tablet.documents.open(id)).content).toMatchObject({ dealer: 'alfki' })
    await expect(submit(tablet, id)).rejects.toMatchObject({ code: 'document_refused' })
  })

  it('a request that the server cannot take is halved until the one change is found', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(async (address, init) => {
      const answer = await server.fetch(address, init)
      const poisoned = server.requests.at(-1)!.documents.some((document) => document.id === bad)
      return poisoned ? problem(400, 'malformed') : answer
    })
    let bad = ''
    const ids: string[] = []
    for (let i = 0; i < 9; i++) ids.push((await tablet.documents.create('order', scope, anOrder())).id)
    bad = ids[4]!
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'done' })
    const left = await tablet.database.changes.where('state').equals('refused').toArray()
    expect(left).toMatchObject([{ document: bad, code: 'malformed' }])
    expect(await tablet.database.changes.where('state').equals('stored').count()).toBe(8)
  })

  it('dependency_missing: every change of that document is sent again, in one request', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    const { id } = await tablet.documents.create('order', scope, anOrder())
    await tablet.engine.round()
    server.documents.delete(id)
    await submit(tablet, id)
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'done', requests: 2 })
    expect(server.requests.at(-1)!.documents[0]!.changes).toHaveLength(2)
    expect(await states(tablet)).toEqual(['stored', 'stored'])
  })
})

describe('SY6: another epoch', () => {
  it('offers again all that was acknowledged, reads all again, and nothing posts twice', async () => {
    const server = new FakeServer()
    server.put('catalog', 'product', 'chai', { id: 'chai' })
    const tablet = await newTablet(server.fetch)
    const first = await tablet.documents.create('order', scope, anOrder())
    await tablet.engine.round()
    const backup = structuredClone(server.documents)
    const second = await tablet.documents.create('order', scope, anOrder())
    await submit(tablet, first.id)
    server.put('catalog', 'product', 'lost', { id: 'lost' })
    await tablet.engine.round()
    server.restore(backup)
    server.records = server.records.filter((record) => record.key !== 'lost')
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'done' })
    expect(await readMeta(tablet.database, 'epoch')).toBe('epoch-1+')
    expect(await states(tablet)).toEqual(['stored', 'stored', 'stored'])
    expect(server.documents.get(first.id)!.chunks).toHaveLength(2)
    expect(server.documents.get(second.id)!.chunks).toHaveLength(1)
    expect([...server.appended.values()]).toEqual([1, 1])
    expect((await tablet.database.records.where('kind').equals('product').toArray()).map((record) => record.key)).toEqual(['chai'])
  })

  it('that never ends is given up', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(async (address, init) => {
      server.epoch += '+'
      return await server.fetch(address, init)
    })
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'failed', problem: 'not_an_answer' })
    expect(server.requests.length).toBeLessThan(5)
  })
})

describe('SY12: a reply counts only if it is one', () => {
  const portal = '<html>Welcome to Airport WiFi</html>'
  const replies: [string, (server: FakeServer) => void][] = [
    ['a portal with status 200', (server) => server.instead.push(() => new Response(portal, { headers: { 'Content-Type': 'text/html' } }))],
    ['a portal that lies about its type', (server) => server.instead.push(() => new Response(portal, { headers: { 'Content-Type': 'application/x-msgpack' } }))],
    ['an answer of another protocol', (server) => server.instead.push((answer) => msgpack({ ...answer, protocol: 2 }))],
    ['another epoch without a reset', (server) => server.instead.push((answer) => msgpack({ ...answer, epoch: 'elsewhere' }))],
    ['results for other documents', (server) => server.instead.push((answer) => msgpack({ ...answer, results: [{ id: 'x', stored: 1, refused: [] }] }))],
    ['results that do not add up', (server) => server.instead.push((answer) => msgpack({ ...answer, results: answer.results.map((each) => ({ ...each, stored: 7 })) }))],
    ['no results', (server) => server.instead.push((answer) => msgpack({ ...answer, results: [] }))],
    ['a feed without a cursor', (server) => server.instead.push((answer) => msgpack({ ...answer, feeds: [{ scope: 'catalog' }] }))],
    ['a portal with status 511', (server) => server.instead.push(() => new Response(portal, { status: 511 }))],
    ['a body cut in its middle', (server) => server.instead.push(async (answer) => new Response((await msgpack(answer).arrayBuffer()).slice(0, 60), { headers: { 'Content-Type': 'application/x-msgpack' } }))]
  ]
  it.each(replies)('%s acknowledges nothing and loses nothing', async (_, prepare) => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    await tablet.documents.create('order', scope, anOrder())
    prepare(server)
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'failed', problem: 'not_an_answer' })
    expect(await states(tablet)).toEqual(['waiting'])
    expect(await readMeta(tablet.database, 'cursors')).toBeUndefined()
    expect(await readMeta(tablet.database, 'reached')).toMatchObject({ online: false, syncing: false })
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'done' })
    expect(await states(tablet)).toEqual(['stored'])
  })
})

describe('errors', () => {
  it('a revoked device keeps everything and says so', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    const { id } = await tablet.documents.create('order', scope, anOrder())
    server.instead = [() => problem(401, 'device_revoked')]
    expect(await tablet.engine.round()).toEqual({ outcome: 'signed_out' })
    expect(await readMeta(tablet.database, 'reached')).toMatchObject({ problem: 'signed_out_by_server' })
    expect((await tablet.documents.open(id)).content.dealer).toBe('alfki')
    expect(await states(tablet)).toEqual(['waiting'])
  })

  it('busy: the time that the server asks for is told', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    server.instead = [() => problem(429, 'slow_down', { 'Retry-After': '7' })]
    expect(await tablet.engine.round()).toEqual({ outcome: 'failed', problem: 'busy', retryAfter: 7_000 })
  })

  it('what an earlier enrolment left unsent becomes the new device’s', async () => {
    const server = new FakeServer()
    const tablet = await newTablet(server.fetch)
    const sent = await tablet.documents.create('order', scope, anOrder())
    await tablet.engine.round()
    await submit(tablet, sent.id)
    const unsent = await tablet.documents.create('order', scope, anOrder())
    const { keepIdentity } = await import('../../src/store/session')
    const device = 'bbbbbbbbbbbbbbbb'
    const again = { device, token: `token-${device}`, user: 'u1', name: 'Person', role: 'dealer_staff', dealer: 'alfki', short_code: 'NEW', epoch: 'epoch-1' }
    await keepIdentity(tablet.database, again, 'tablet')
    // The service worker was quicker than the page: one is refused already.
    const first = await tablet.database.changes.where('document').equals(unsent.id).first()
    await tablet.database.changes.put({ ...first!, state: 'refused', code: 'actor_not_of_device' })
    const documents = new Documents({ database: tablet.database, ready })
    expect(await documents.adopt()).toBe(2)
    await tablet.engine.round()
    const last = server.requests.at(-1)!
    expect(last.documents.flatMap((each) => each.changes)).toHaveLength(2)
    expect((await documents.open(sent.id)).content.stage).toBe('submitted')
    expect((await documents.open(unsent.id)).content).toEqual(unsent.content)
    expect(await tablet.database.rows.get(unsent.id)).toMatchObject({ status: 'stored', waiting: 0 })
  })

  it('somebody else may not sign in over unsent work', async () => {
    const tablet = await newTablet(noNetwork)
    await tablet.documents.create('order', scope, anOrder())
    const { keepIdentity } = await import('../../src/store/session')
    const other = { device: 'cccccccccccccccc', token: 't', user: 'u2', name: 'Other', role: 'dealer_staff', dealer: 'bonap', short_code: 'OTH', epoch: 'epoch-1' }
    await expect(keepIdentity(tablet.database, other, 'tablet')).rejects.toMatchObject({ code: 'another_account' })
    expect(await tablet.database.changes.count()).toBe(1)
  })

  it('a try that fails as the one before is no news, and the first answer is', async () => {
    const server = new FakeServer()
    const network = { there: false }
    const tablet = await newTablet(async (address, init) => {
      if (!network.there) throw new TypeError('no network')
      return await server.fetch(address, init)
    })
    await tablet.documents.create('order', scope, anOrder())
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'failed', problem: 'unreachable' })
    const told = await readMeta(tablet.database, 'reached')
    const put = vi.spyOn(tablet.database.meta, 'put')
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'failed', problem: 'unreachable' })
    expect(put).not.toHaveBeenCalled()
    expect(await readMeta(tablet.database, 'reached')).toEqual(told)
    network.there = true
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'done' })
    expect(await readMeta(tablet.database, 'reached')).toMatchObject({ online: true, syncing: false, problem: null })
  })
})
