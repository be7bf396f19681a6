import { expect, it } from 'vitest'
import type { Order } from '../../generated/order'
import type { Decision } from '../../store'
import { readFigures } from './figures'

const line = (more: object = {}) => ({ position: 1, product: 'chai', quantity: '2.50', unit: 'pcs', price: 1000, ...more })
const order = { lines: { a: line(), b: line({ discount_bp: 1000 }), c: line(), d: line() } } as unknown as Order
const decision = (lines: object, sums: object = {}) => ({ figures: { currency: 'CNY', total: 3, lines, ...sums } }) as unknown as Decision

it('reads in the document what the server did not say', () => {
  const short = { state: 'open', price: 900, net: 900, tax: 0, allocated: '1', back_ordered: '1.5' }
  const figures = readFigures(decision({ c: short, d: null, gone: short }, { tax: 2 }), order)
  expect(figures).toMatchObject({ net: 1, tax: 2, total: 3 })
  expect(figures?.lines).toEqual({
    a: { state: 'open', price: 1000, net: 2500, allocated: '2.5' },
    b: { state: 'open', price: 1000, net: 2250, allocated: '2.5' },
    c: short,
    gone: short
  })
})

it('reads a sum without tax', () => {
  expect(readFigures(decision({}), order)).toMatchObject({ net: 3, tax: 0, total: 3 })
})

it('is null where the lines were not weighed', () => {
  expect(readFigures({ figures: {} } as unknown as Decision, order)).toBeNull()
  expect(readFigures(null, order)).toBeNull()
})
