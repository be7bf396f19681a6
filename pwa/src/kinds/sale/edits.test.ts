import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Product } from '../../generated/records'
import type { Sale } from '../../generated/sale'
import { addSerial, draft, finish, minorOf, put, setMethod, totalOfAll, withTax } from './edits'

const base = JSON.parse(readFileSync(new URL('../../../../schemas/cases/sale/base.json', import.meta.url), 'utf8')) as { document: Sale }
const done = JSON.parse(readFileSync(new URL('../../../../schemas/cases/sale/done.json', import.meta.url), 'utf8')) as { expect: { figures: { total: number } } }

describe('a sale on the tablet', () => {
  it('comes to what the server says', () => expect(Number(totalOfAll(base.document))).toBe(done.expect.figures.total))

  it('begins paid in cash, and takes the whole total when it is done', () => {
    const sale = { ...(draft('alfki', 'CNY', 0) as unknown as Sale), lines: base.document.lines ?? {} }
    expect(finish(sale, null, 0)[0]).toEqual({ op: 'set', path: 'payments/counter/amount', value: 1130 })
    expect(finish({ ...sale, payments: {} }, null, 0).map(({ path }) => path)).toEqual(['captured_at', 'stage'])
    expect(setMethod('later')).toEqual([{ op: 'set', path: 'payments', value: {} }])
  })

  it('writes a serial number down once, with as many pieces as numbers', () => {
    const line = { product: 'pump', quantity: '1', unit: 'pcs', price: 1, serials: ['P1'] }
    expect(addSerial(line, 'm', 'P1')).toEqual([])
    expect(addSerial(line, 'm', ' P2 ').map((edit) => 'value' in edit && edit.value)).toEqual([['P1', 'P2'], '2'])
  })

  it('adds, changes and removes lines', () => {
    expect(put(base.document, 'l9', 'chai', 'pcs', '2', 5)[0]).toMatchObject({ path: 'lines/l9', value: { quantity: '2', price: 5 } })
    expect(put(base.document, 'l1', 'chai', 'box', '3', 5).map(({ path }) => path)).toEqual(['lines/l1/quantity', 'lines/l1/unit'])
    expect(put(base.document, 'l1', 'chai', 'box', '0', 5)).toEqual([{ op: 'delete', path: 'lines/l1' }])
  })

  it('reads amounts as people write them', () => {
    expect(['12', '12.5', '12,50', '0.05', '1.234', 'x', ''].map(minorOf)).toEqual([1200, 1250, 1250, 5, null, null, null])
    expect(withTax(1000, { tax_bp: 1300 } as Product)).toBe(1130)
  })
})
