import * as A from '@automerge/automerge/slim'
import { describe, expect, it } from 'vitest'
import { Documents } from '../../src/store/documents'
import { anOrder, newTablet, ready, scope } from '../support/tablet'

describe('a write', () => {
  it('is there after the tab was killed: content, outbox, list row, number', async () => {
    const tablet = await newTablet()
    const order = await tablet.documents.create('order', scope, anOrder())
    await tablet.documents.change(order.id, 'quantity_set', [{ op: 'set', path: 'lines/l1/quantity', value: '12' }])
    const after = tablet.reopened()
    const opened = await after.documents.open(order.id)
    expect(opened.content).toEqual({
      ...anOrder(),
      kind: 'order',
      schema: 1,
      number: `${tablet.identity.short_code}-0001`,
      lines: { l1: { position: 0, product: 'chai', quantity: '12', unit: 'pcs', price: 1800, discount_bp: 0, note: '' } }
    })
    const changes = await after.database.changes.toArray()
    expect(changes.map((change) => change.state)).toEqual(['waiting', 'waiting'])
    expect(await after.database.rows.get(order.id)).toMatchObject({ status: 'device', waiting: 2, fields: { total: 21_600, number: opened.content.number } })
  })

  it('asks for strict durability', async () => {
    const { database } = await newTablet()
    expect((database as unknown as { _options: { chromeTransactionDurability: string } })._options.chromeTransactionDurability).toBe('strict')
  })

  it('stores integers as integers, codes as single values and prose as text', async () => {
    const tablet = await newTablet()
    await tablet.documents.create('order', scope, anOrder())
    const [change] = await tablet.database.changes.toArray()
    const operations = A.decodeChange(change!.chunk).ops as { key?: string; action: string; datatype?: string; value?: unknown }[]
    expect(operations.find((each) => each.key === 'position')).toMatchObject({ action: 'set', datatype: 'int', value: 0 })
    expect(operations.find((each) => each.key === 'price')).toMatchObject({ action: 'set', datatype: 'int', value: 1800 })
    expect(operations.find((each) => each.key === 'product')).toMatchObject({ action: 'set', value: 'chai' })
    expect(operations.filter((each) => each.action === 'makeText').map((each) => each.key)).toEqual(['note'])
  })

  it('leaves nothing behind when it fails, and never uses the spent actor again', async () => {
    const tablet = await newTablet()
    const order = await tablet.documents.create('order', scope, anOrder())
    const session = tablet.documents.session
    const stop = (): never => {
      throw new Error('disk gone')
    }
    tablet.database.rows.hook('updating', stop)
    await expect(tablet.documents.change(order.id, 'x', [{ op: 'set', path: 'stage', value: 'submitted' }])).rejects.toThrow()
    tablet.database.rows.hook('updating').unsubscribe(stop)
    expect(await tablet.database.changes.count()).toBe(1)
    expect((await tablet.documents.open(order.id)).content.stage).toBe('draft')
    expect(tablet.documents.session).not.toBe(session)
    await tablet.documents.change(order.id, 'x', [{ op: 'set', path: 'stage', value: 'submitted' }])
    expect((await tablet.reopened().documents.open(order.id)).content.stage).toBe('submitted')
  })

  it('that changes nothing writes nothing; one to a place that is gone is refused and spoils nothing', async () => {
    const tablet = await newTablet()
    const order = await tablet.documents.create('order', scope, anOrder())
    await tablet.documents.change(order.id, 'x', [{ op: 'set', path: 'stage', value: 'draft' }])
    expect(await tablet.database.changes.count()).toBe(1)
    const lost = tablet.documents.change(order.id, 'x', [
      { op: 'set', path: 'stage', value: 'submitted' },
      { op: 'set', path: 'lines/gone/quantity', value: '1' }
    ])
    await expect(lost).rejects.toMatchObject({ code: 'place_gone', path: 'lines/gone/quantity' })
    expect((await tablet.documents.open(order.id)).content.stage).toBe('draft')
    await expect(tablet.documents.create('spaceship', scope, {})).rejects.toMatchObject({ code: 'kind_unknown' })
  })
})

describe('actors and numbers', () => {
  it('an actor begins with the device and is another one in every writing session', async () => {
    const tablet = await newTablet()
    const order = await tablet.documents.create('order', scope, anOrder())
    const after = tablet.reopened()
    await after.documents.change(order.id, 'x', [{ op: 'set', path: 'stage', value: 'submitted' }])
    const actors = (await after.database.changes.toArray()).map((change) => A.decodeChange(change.chunk).actor)
    expect(new Set(actors).size).toBe(2)
    for (const actor of actors) expect(actor).toMatch(new RegExp(`^${tablet.identity.device}[0-9a-f]{16}$`))
  })

  it('numbers are given once, also by two tabs writing at the same time', async () => {
    const tablet = await newTablet()
    const other = tablet.reopened()
    const second = new Documents({ database: other.database, ready })
    const orders = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 ? second : other.documents).create('order', scope, anOrder()))
    )
    expect(new Set(orders.map((order) => order.content.number)).size).toBe(12)
  })

  it('two tabs writing one order both count', async () => {
    const tablet = await newTablet()
    const second = new Documents({ database: tablet.database, ready })
    const order = await tablet.documents.create('order', scope, anOrder())
    await second.open(order.id)
    await Promise.all([
      tablet.documents.change(order.id, 'x', [{ op: 'set', path: 'lines/l1/quantity', value: '7' }]),
      second.change(order.id, 'x', [{ op: 'set', path: 'wanted_date', value: '2026-04-01' }])
    ])
    await tablet.documents.refresh()
    const whole = await tablet.reopened().documents.open(order.id)
    expect(whole.content).toMatchObject({ wanted_date: '2026-04-01', lines: { l1: { quantity: '7' } } })
  })
})

describe('history', () => {
  it('says who did what and when, with the values before and after', async () => {
    const tablet = await newTablet()
    const order = await tablet.documents.create('order', scope, anOrder())
    await tablet.documents.change(order.id, 'quantity_set', [{ op: 'set', path: 'lines/l1/quantity', value: '12' }])
    await tablet.documents.change(order.id, 'note_written', [{ op: 'text', path: 'note', value: 'call before delivery, please' }])
    await tablet.documents.change(order.id, 'line_removed', [{ op: 'delete', path: 'lines/l1' }])
    const [created, quantity, note, removed] = await tablet.documents.history(order.id)
    expect(created).toMatchObject({ what: 'created', by: tablet.identity.name, mine: true, device: tablet.identity.device })
    expect(created!.edits.find((edit) => edit.path === 'lines')).toMatchObject({ op: 'set', before: null })
    expect(quantity).toMatchObject({ what: 'quantity_set', edits: [{ path: 'lines/l1/quantity', op: 'set', before: '3', after: '12' }] })
    expect(note!.edits).toEqual([{ path: 'note', op: 'text', before: 'call before delivery', after: 'call before delivery, please' }])
    expect(removed!.edits).toMatchObject([{ path: 'lines/l1', op: 'delete', after: null }])
    expect(Math.abs(Date.now() - quantity!.at!)).toBeLessThan(5_000)
  })
})
