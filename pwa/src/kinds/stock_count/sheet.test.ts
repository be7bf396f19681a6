import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { StockCount, Tally } from '../../generated/stock_count'
import { formatQuantity, parseQuantity } from '../quantity'
import { addOne, begun, close, setTally } from './edits'
import { CountSheet } from './sheet'

const A = { device: 'a'.repeat(16), by: 'Li' }
const B = { device: 'b'.repeat(16), by: 'Wang' }
const spot = (product: string, more = {}) => ({ product, place: '', batch: '', serial: '', ...more })
const shown = (sheet: CountSheet, product: string) => formatQuantity(sheet.sum(product) ?? -1n)

function enter(sheet: CountSheet, made: ReturnType<typeof setTally>): void {
  sheet.put(made.key, made.tally)
}

describe('the sheet of a count', () => {
  it('[C1] sums what all have counted, and nobody overwrites anybody', () => {
    const sheet = new CountSheet()
    enter(sheet, addOne(sheet, A, spot('chai'), 0))
    enter(sheet, addOne(sheet, A, spot('chai'), 1))
    enter(sheet, addOne(sheet, B, spot('chai'), 2))
    enter(sheet, setTally(sheet, A, spot('chai', { place: 'cellar' }), 4500n, 3))
    expect(shown(sheet, 'chai')).toBe('7.5')
    expect([...sheet.tallies.keys()].map((key) => key.slice(0, 16))).toEqual([A.device, B.device, A.device])
    expect(sheet.counted).toBe(1)
  })

  it('writes as little as a tally needs', () => {
    const sheet = new CountSheet()
    const first = addOne(sheet, A, spot('chai'), 0)
    expect(first.edits).toHaveLength(1)
    enter(sheet, first)
    expect(addOne(sheet, A, spot('chai'), 1000).edits.map((edit) => edit.path)).toEqual([`tallies/${first.key}/quantity`, `tallies/${first.key}/counted_at`])
  })

  it('[C1] takes a serial number that is scanned twice for one piece', () => {
    const sheet = new CountSheet()
    for (const who of [A, A, B]) enter(sheet, addOne(sheet, who, spot('pump', { serial: 'S1' }), 0))
    enter(sheet, addOne(sheet, B, spot('pump', { serial: 'S2' }), 0))
    expect(shown(sheet, 'pump')).toBe('2')
  })

  it('[C5] states what is not there when it is closed', () => {
    const sheet = new CountSheet(begun({ location: 'dealer:a', extent: 'whole', blind: false, products: [], answers: null }, 0)['tallies'] as StockCount['tallies'])
    const edits = close(sheet, A, ['tofu'], 5)
    expect(edits.at(-1)).toEqual({ op: 'set', path: 'stage', value: 'closed' })
    expect((edits[0] as unknown as { value: Tally }).value).toMatchObject({ product: 'tofu', quantity: '0' })
    expect(close(sheet, A, [], 5)).toHaveLength(1)
  })

  it('never counts below nothing, and forgets what is taken away', () => {
    const sheet = new CountSheet()
    const made = setTally(sheet, A, spot('chai'), -5000n, 0)
    expect(made.tally.quantity).toBe('0')
    enter(sheet, made)
    sheet.remove(made.key)
    expect(sheet.sum('chai')).toBeUndefined()
    expect(sheet.counted).toBe(0)
  })
})

describe('the cases of the server', () => {
  const folder = new URL('../../../../schemas/cases/stock_count/', import.meta.url)
  const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  const base = read('base.json')
  const cases = readdirSync(folder)
    .filter((name) => name !== 'base.json')
    .map((name) => ({ name, ...read(name) }))
    .filter((one) => !one.then && one.expect.figures?.differences && one.document?.tallies)

  it.each(cases)('$name', ({ document, expect: expected }) => {
    const tallies = Object.fromEntries(Object.entries({ ...base.document.tallies, ...document.tallies }).filter(([, tally]) => tally !== null))
    const sheet = new CountSheet(tallies as StockCount['tallies'])
    for (const [product, told] of Object.entries(expected.figures.differences as Record<string, { counted?: string }>)) {
      if (told.counted) expect(sheet.sum(product)).toBe(parseQuantity(told.counted))
    }
  })
})
