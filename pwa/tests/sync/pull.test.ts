import { describe, expect, it } from 'vitest'
import { readMeta } from '../../src/store/database'
import { SyncEngine } from '../../src/sync/engine'
import { FakeServer } from '../support/server'
import { anOrder, newTablet, scope, type Tablet } from '../support/tablet'

async function twoTablets(): Promise<{ server: FakeServer; one: Tablet; two: Tablet; id: string }> {
  const server = new FakeServer()
  const one = await newTablet(server.fetch)
  const two = await newTablet(server.fetch)
  const { id } = await one.documents.create('order', scope, anOrder())
  await one.engine.round()
  await two.engine.round()
  return { server, one, two, id }
}

async function syncAll(...tablets: Tablet[]): Promise<void> {
  for (const tablet of [...tablets, ...tablets]) {
    await tablet.engine.round()
    await tablet.documents.refresh()
  }
}

describe('what comes in', () => {
  it('is listed from its row before anybody opens it', async () => {
    const { two, id } = await twoTablets()
    expect(await two.database.rows.get(id)).toMatchObject({ mine: 0, status: 'stored', fields: { title: 'from the server' } })
    expect((await two.documents.open(id)).content).toMatchObject({ dealer: 'alfki', lines: { l1: { quantity: '3' } } })
  })

  it('merges with what was written here at the same time', async () => {
    const { one, two, id } = await twoTablets()
    await one.documents.change(id, 'x', [{ op: 'set', path: 'wanted_date', value: '2026-04-01' }])
    await two.documents.change(id, 'x', [
      { op: 'set', path: 'lines/l2', value: { position: 1, product: 'tofu', quantity: '2', unit: 'pcs', price: 500 } },
      { op: 'text', path: 'note', value: 'call before delivery. Back door.' }
    ])
    await syncAll(one, two)
    const [a, b] = [await one.documents.open(id), await two.documents.open(id)]
    expect(a.content).toEqual(b.content)
    expect(a.heads).toEqual(b.heads)
    expect(a.content).toMatchObject({ wanted_date: '2026-04-01', note: 'call before delivery. Back door.', lines: { l2: { product: 'tofu' } } })
    expect(a.conflicts).toEqual([])
  })

  it('competing values are counted in the list, told with who and when, and settled by choosing', async () => {
    const { one, two, id } = await twoTablets()
    await one.documents.change(id, 'x', [{ op: 'set', path: 'lines/l1/quantity', value: '5' }])
    await two.documents.change(id, 'x', [{ op: 'set', path: 'lines/l1/quantity', value: '7' }])
    await syncAll(one, two)
    expect(await one.database.rows.get(id)).toMatchObject({ conflicts: 1 })
    const [conflict] = (await one.documents.open(id)).conflicts
    expect(conflict!.path).toBe('lines/l1/quantity')
    expect(conflict!.values.map((value) => value.value).sort()).toEqual(['5', '7'])
    const mine = conflict!.values.find((value) => value.mine)!
    expect(mine).toMatchObject({ value: '5', device: one.identity.device, by: one.identity.name })
    expect(mine.at).toBeGreaterThan(0)
    expect(conflict!.values[0]!.shown).toBe(true)
    const shown = conflict!.values[0]!.value
    // Choosing the one that is shown already must be written too.
    await one.documents.change(id, 'value_chosen', [{ op: 'set', path: conflict!.path, value: shown }])
    await syncAll(one, two)
    for (const tablet of [one, two]) {
      expect((await tablet.documents.open(id)).conflicts).toEqual([])
      expect(await tablet.database.rows.get(id)).toMatchObject({ conflicts: 0 })
    }
  })

  it('the same value set by two people is no conflict', async () => {
    const { one, two, id } = await twoTablets()
    for (const tablet of [one, two]) await tablet.documents.change(id, 'x', [{ op: 'set', path: 'stage', value: 'submitted' }])
    await syncAll(one, two)
    expect((await one.documents.open(id)).conflicts).toEqual([])
  })

  it('does not put the server’s row over what is not sent yet', async () => {
    const { server, one, two, id } = await twoTablets()
    await one.documents.change(id, 'x', [{ op: 'set', path: 'lines/l1/quantity', value: '9' }])
    await one.engine.round()
    await two.documents.change(id, 'x', [{ op: 'set', path: 'wanted_date', value: '2026-05-01' }])
    server.refuse = () => null
    const engine = two.engine
    // The page comes in while a change is waiting: written between the request and its answer.
    server.instead = [
      async (answer, request) => {
        expect(request.documents).toHaveLength(1)
        await two.documents.change(id, 'x', [{ op: 'set', path: 'stage', value: 'submitted' }])
        const { msgpack } = await import('../support/server')
        return msgpack(answer)
      }
    ]
    await engine.round()
    await two.documents.refresh()
    expect((await two.documents.open(id)).content).toMatchObject({ stage: 'submitted', wanted_date: '2026-05-01', lines: { l1: { quantity: '9' } } })
    expect(await two.database.rows.get(id)).toMatchObject({ waiting: 0, conflicts: 0 })
  })
})

describe('competing values that headquarters tells of', () => {
  const told = (count: number) => ({
    verdict: 'accepted', figures: {}, at: '', heads: [],
    reasons: count > 0 ? [{ code: 'competing_values', params: { count, paths: 'lines/l1/quantity' }, line: null, rule: 'O17' }] : []
  })

  async function shownOn(tablet: Tablet, id: string): Promise<number | undefined> {
    return (await tablet.database.rows.get(id))?.conflicts
  }

  it('are listed though the order was never opened here, and go when headquarters says so', async () => {
    const { server, one, two, id } = await twoTablets()
    await one.documents.change(id, 'x', [{ op: 'set', path: 'lines/l1/quantity', value: '5' }])
    await two.documents.change(id, 'x', [{ op: 'set', path: 'lines/l1/quantity', value: '7' }])
    await syncAll(one, two)
    server.put(scope, 'decision', id, told(1))
    const third = await newTablet(server.fetch)
    await third.engine.round()
    expect(await third.documents.refresh()).toBe(0)
    expect(await shownOn(third, id)).toBe(1)
    server.put(scope, 'decision', id, told(0))
    await third.engine.round()
    expect(await shownOn(third, id)).toBe(0)
    await third.documents.open(id)
    expect(await shownOn(third, id)).toBe(1)
  })

  it('whichever page brings the decision and whichever the order', async () => {
    const { server, id } = await twoTablets()
    server.put(scope, 'decision', id, told(2))
    for (const last of ['decision', 'order']) {
      if (last === 'order') server.documents.get(id)!.seq = 1_000
      const { database } = await newTablet(server.fetch)
      await new SyncEngine({ database, fetch: server.fetch, page: 1 }).round()
      expect(await database.rows.get(id)).toMatchObject({ conflicts: 2 })
    }
  })

  it('are not believed once the tablet has looked, until something comes in', async () => {
    const { server, one, two, id } = await twoTablets()
    const third = await newTablet(server.fetch)
    await one.documents.refresh()
    server.put(scope, 'decision', id, told(1))
    for (const tablet of [one, third]) await tablet.engine.round()
    expect(await shownOn(one, id)).toBe(0)
    expect(await shownOn(third, id)).toBe(1)
    expect((await third.documents.open(id)).conflicts).toEqual([])
    server.put(scope, 'decision', id, told(1))
    for (const tablet of [one, third]) await tablet.engine.round()
    expect([await shownOn(one, id), await shownOn(third, id)]).toEqual([0, 0])
    await two.documents.change(id, 'x', [{ op: 'set', path: 'wanted_date', value: '2026-06-01' }])
    await two.engine.round()
    server.put(scope, 'decision', id, told(1))
    await third.engine.round()
    expect(await shownOn(third, id)).toBe(1)
    await third.documents.refresh()
    expect(await shownOn(third, id)).toBe(0)
  })

  it('a choice that is not sent yet stands, whatever headquarters still says', async () => {
    const { server, two, id } = await twoTablets()
    server.put(scope, 'decision', id, told(1))
    await two.engine.round()
    expect(await shownOn(two, id)).toBe(1)
    await two.documents.change(id, 'value_chosen', [{ op: 'set', path: 'lines/l1/quantity', value: '5' }])
    server.refuse = () => 'dependency_missing'
    server.put(scope, 'decision', id, told(1))
    await two.engine.round()
    expect(await shownOn(two, id)).toBe(0)
  })

  it('an order is read though there is no room to keep what was found', async () => {
    const { server, two, id } = await twoTablets()
    server.put(scope, 'decision', id, told(1))
    await two.engine.round()
    two.database.rows.hook('updating', () => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    expect((await two.documents.open(id)).content).toMatchObject({ dealer: 'alfki' })
  })
})

describe('pages and cursors', () => {
  it('all pages are read; a crash between two loses nothing and repeats nothing harmful', async () => {
    const server = new FakeServer()
    for (let i = 0; i < 2_500; i++) server.put('catalog', 'product', `p${i}`, { id: `p${i}` })
    const tablet = await newTablet(server.fetch)
    let answers = 0
    server.instead = [(answer) => (answers++, import('../support/server').then(({ msgpack }) => msgpack(answer))), () => Promise.reject(new TypeError('cut'))]
    expect(await tablet.engine.round()).toMatchObject({ outcome: 'failed' })
    expect(answers).toBe(1)
    const kept = await tablet.database.records.count()
    expect(kept).toBe(1_000)
    expect(await readMeta(tablet.database, 'cursors')).toMatchObject({ catalog: '1000' })
    const after = tablet.reopened()
    expect(await after.engine.round()).toMatchObject({ outcome: 'done', requests: 2 })
    expect(await after.database.records.count()).toBe(2_500)
    expect(server.requests.at(-2)!.cursors).toMatchObject({ catalog: '1000' })
    expect((await readMeta(after.database, 'whole'))?.sort()).toEqual(['catalog', 'dealer:alfki'])
  })

  it('a page is stored with its cursor or not at all', async () => {
    const server = new FakeServer()
    server.put('catalog', 'product', 'chai', { id: 'chai' })
    const tablet = await newTablet(server.fetch)
    const { id } = await tablet.documents.create('order', scope, anOrder())
    const stop = (): never => {
      throw new Error('disk gone')
    }
    tablet.database.records.hook('creating', stop)
    const said = console.error
    console.error = () => {}
    await tablet.engine.round()
    console.error = said
    tablet.database.records.hook('creating').unsubscribe(stop)
    expect(await readMeta(tablet.database, 'cursors')).toBeUndefined()
    expect(await tablet.database.rows.get(id)).toMatchObject({ waiting: 1, status: 'device' })
    await tablet.engine.round()
    expect(await tablet.database.records.count()).toBe(2)
    expect(await tablet.database.rows.get(id)).toMatchObject({ waiting: 0 })
  })

  it('a record that is gone goes; those of a scope that is no longer ours go too', async () => {
    const server = new FakeServer()
    server.scopes = ['catalog', 'dealer:alfki', 'tier:gold']
    server.put('tier:gold', 'price', 'gold@1/chai', { price: 1 })
    server.put('catalog', 'product', 'chai', { id: 'chai' })
    server.put('catalog', 'product', 'tofu', { id: 'tofu' })
    const tablet = await newTablet(server.fetch)
    await tablet.engine.round()
    server.put('catalog', 'product', 'tofu', null)
    server.scopes = ['catalog', 'dealer:alfki', 'tier:silver']
    server.put('tier:silver', 'price', 'silver@1/chai', { price: 2 })
    await tablet.engine.round()
    expect((await tablet.database.records.toArray()).map((record) => record.key).sort()).toEqual(['chai', 'silver@1/chai'])
  })

  it('a decision made meanwhile does not hide that something is not sent', async () => {
    const { server, one, id } = await twoTablets()
    await one.documents.change(id, 'x', [{ op: 'set', path: 'stage', value: 'submitted' }])
    server.put(scope, 'decision', id, { verdict: 'held', reasons: [], figures: {}, at: '', heads: [] })
    server.instead = [() => Promise.reject(new TypeError('cut'))]
    await one.engine.round()
    expect(await one.database.rows.get(id)).toMatchObject({ status: 'device' })
  })
})
