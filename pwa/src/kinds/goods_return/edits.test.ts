import { expect, it } from 'vitest'
import type { GoodsReturn } from '../../generated/goods_return'
import { choose, draft, toggleSerial } from './edits'

const machine = { id: 'm', product: 'pump', unit: 'pcs', quantity: '2', serials: ['P1', 'P2'] }
const back = draft('alfki', 'from_customer', 'T2-1', 0) as unknown as GoodsReturn

it('a tap takes a line back whole, with its serial numbers, and another leaves it out', () => {
  expect(choose(back, machine)[0]).toMatchObject({ path: 'lines/m', value: { line: 'm', quantity: '2', serials: ['P1', 'P2'] } })
  const chosen = { ...back, lines: { m: { line: 'm', quantity: '2' } } }
  expect(choose(chosen, machine)).toEqual([{ op: 'delete', path: 'lines/m' }])
})

it('of several machines the quantity follows those that come back', () => {
  const edits = toggleSerial('m', { line: 'm', quantity: '2', serials: ['P1', 'P2'] }, 'P1')
  expect(edits.map((edit) => 'value' in edit && edit.value)).toEqual([['P2'], '1'])
})
