import { describe, expect, it } from 'vitest'
import type { GoodsReceipt } from '../../generated/goods_receipt'
import type { ShipmentRecord } from '../../generated/records'
import { allReceived, countOne, draft, setDamaged } from './edits'

const shipment = {
  number: 'T1-1-S1',
  lines: {
    l1: { product: 'chai', quantity: '2', unit: 'box', base: '24', net: 1, tax: 0 },
    l2: { product: 'pump', quantity: '1', unit: 'pcs', base: '1', net: 1, tax: 0 }
  }
} as unknown as ShipmentRecord
const receipt = draft('alfki', '', shipment, 0) as unknown as GoodsReceipt

describe('a goods receipt on the tablet', () => {
  it('begins with every line of the shipment, and nothing counted', () => {
    expect(Object.values(receipt.lines ?? {}).map(({ received }) => received)).toEqual(['0', '0'])
    expect(receipt.shipment).toBe('T1-1-S1')
  })

  it('takes everything as received in one change, without what stands already', () => {
    expect(allReceived(receipt, shipment).map(({ path }) => path)).toEqual(['lines/l1/received', 'lines/l2/received'])
    const half = { ...receipt, lines: { ...receipt.lines, l2: { ...receipt.lines!['l2']!, received: '1' } } }
    expect(allReceived(half, shipment).map(({ path }) => path)).toEqual(['lines/l1/received'])
  })

  it('moves damaged pieces out of the good ones', () => {
    const line = { ...receipt.lines!['l1']!, received: '2' }
    expect(setDamaged('l1', line, '0.5').map((edit) => 'value' in edit && edit.value)).toEqual(['0.5', '1.5'])
    expect(setDamaged('l1', line, '3').map((edit) => 'value' in edit && edit.value)).toEqual(['3', '0'])
  })

  it('counts a scan on its line once for each serial number, and keeps what nobody expected', () => {
    const [more] = countOne(receipt, 'chai', 'box', null, 'new')
    expect(more).toEqual({ op: 'set', path: 'lines/l1/received', value: '1' })
    const scanned = { ...receipt, lines: { ...receipt.lines, l2: { ...receipt.lines!['l2']!, serials: ['P1'] } } }
    expect(countOne(scanned, 'pump', 'pcs', 'P1', 'new')).toEqual([])
    expect(countOne(scanned, 'pump', 'pcs', 'P2', 'new')).toHaveLength(2)
    expect(countOne(receipt, 'milk', 'pcs', null, 'new')[0]).toMatchObject({ path: 'lines/new', value: { product: 'milk', received: '1' } })
  })
})
