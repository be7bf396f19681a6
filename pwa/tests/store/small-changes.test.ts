import { describe, expect, it } from 'vitest'
import { addOne, begun } from '../../src/kinds/stock_count/edits'
import { CountSheet } from '../../src/kinds/stock_count/sheet'
import type { StockCount } from '../../src/generated/stock_count'
import { newTablet, scope, type Tablet } from '../support/tablet'

const empty = begun({ location: 'dealer:alfki', extent: 'whole', blind: false, products: [], answers: null }, 0)
const spot = { product: 'chai', place: '', batch: '', serial: '' }

async function counting(): Promise<{ tablet: Tablet; id: string; tap: (times: number) => Promise<number> }> {
  const tablet = await newTablet()
  const { id } = await tablet.documents.create('stock_count', scope, empty)
  const sheet = new CountSheet()
  const who = { device: tablet.identity.device, by: 'Li' }
  const tap = async (times: number): Promise<number> => {
    let revision = 0
    for (let n = 0; n < times; n++) {
      const made = addOne(sheet, who, spot, n)
      sheet.put(made.key, made.tally)
      revision = (await tablet.documents.write(id, made.what, made.edits)).revision
    }
    return revision
  }
  return { tablet, id, tap }
}

describe('a small change', () => {
  it('is durable, waits to be sent, and is all that is written', async () => {
    const { tablet, id, tap } = await counting()
    expect(await tap(3)).toBe(4)
    const after = tablet.reopened()
    const sheet = new CountSheet(((await after.documents.open(id)).content as unknown as StockCount).tallies)
    expect(sheet.sum('chai')).toBe(3000n)
    expect(await after.database.changes.where('state').equals('waiting').count()).toBe(4)
    expect(await after.database.rows.get(id)).toMatchObject({ waiting: 4, status: 'device', mine: 1 })
  })

  it('does not read again what is held, and goes on from what came in between', async () => {
    const { tablet, id, tap } = await counting()
    await tap(1)
    const other = new (tablet.documents.constructor as typeof import('../../src/store/documents').Documents)({ database: tablet.database, ready: async () => {} })
    await other.change(id, 'note', [{ op: 'text', path: 'note', value: 'from another tab' }])
    await tap(2)
    const { content } = await tablet.documents.open(id)
    expect(content).toMatchObject({ note: 'from another tab', stage: 'open' })
    expect(new CountSheet((content as unknown as StockCount).tallies).sum('chai')).toBe(3000n)
  })

  it('is not made on a document that headquarters refused whole', async () => {
    const { tablet, tap } = await counting()
    await tablet.database.changes.toCollection().modify({ state: 'refused' })
    await expect(tap(1)).rejects.toMatchObject({ code: 'document_refused' })
    await tablet.database.changes.toCollection().modify({ state: 'put_away' })
    await expect(tap(1)).rejects.toMatchObject({ code: 'document_refused' })
  })
})
