// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { parseMoney, today } from './enter'
import { isFiltered, readFilters, wordsOf, writeFilters, written } from './filters'
import { freshness } from './freshness'
import { parsePoke, waitBefore } from './live'
import { changedKeys } from './marks'
import { matches } from './palette'
import { storyOf } from './story'
import type { Change, Detail } from './wire'

describe('filters in the address', () => {
  it('come back as they were written', () => {
    const asked = { verdict: 'held', dealer: 'alfki', q: ' THG 3 ', needs: '1' }
    for (const [kind, own] of Object.entries<Record<string, string>>({ order: { stage: 'submitted' }, sale: { days: '30' } })) {
      const filters = readFilters(kind, { ...asked, ...own })
      expect(writeFilters(filters)).toEqual({ ...asked, ...own, q: 'THG 3' })
      expect(readFilters(kind, writeFilters(filters))).toEqual({ ...filters, text: 'THG 3' })
    }
  })
  it('pass over what is none and leave the plain address plain', () => {
    expect(isFiltered(readFilters('order', { verdict: 'splendid', needs: 'yes', stage: ['nonsense'], days: '30' }))).toBe(false)
    expect(isFiltered(readFilters('sale', { stage: 'draft', days: '31' }))).toBe(false)
    expect(readFilters('order', { verdict: ['held', 'closed'] }).verdict).toBe('held')
  })
  it('are plain words on screens that list no documents', () => {
    expect(written(wordsOf({ q: [' a ', 'b'], late: '1', more: 'x' }, ['q', 'late', 'state']))).toEqual({ q: 'a', late: '1' })
  })
})

describe('rows that changed', () => {
  it('are marked from the second reading on: new ones and those with another stamp', () => {
    const before = new Map([['a', '1'], ['b', '1'], ['gone', '1']])
    const now = new Map([['a', '1'], ['b', '2'], ['new', '1']])
    expect(changedKeys(null, now)).toEqual([])
    expect(changedKeys(before, now)).toEqual(['b', 'new'])
  })
})

describe('the live channel', () => {
  it('reads pokes and passes over all else', () => {
    expect(parsePoke('{"scope":"dealer:a","seq":7}')).toEqual({ scope: 'dealer:a', seq: 7 })
    for (const text of ['{"live":true}', 'null', '{', '[]', 3]) expect(parsePoke(text)).toBeNull()
  })
  it('waits longer each time, never longer than half a minute, never the same for all', () => {
    expect(waitBefore(0, () => 1)).toBe(500)
    expect(waitBefore(3, () => 1)).toBe(4000)
    expect(waitBefore(40, () => 1)).toBe(30_000)
    expect(waitBefore(3, () => 0)).toBe(2000)
  })
})

describe('what people type', () => {
  it('is money only where it is exact', () => {
    expect(parseMoney('1,234.5', 'CNY')).toBe(123450)
    expect(parseMoney(' 1 000 ', 'CNY')).toBe(100000)
    expect(parseMoney('0.07', 'CNY')).toBe(7)
    expect(parseMoney('12', 'JPY')).toBe(12)
    for (const text of ['', '1.234', '-5', '1e3', '12.', 'x', '1.2.3', '12.5']) {
      const wrong = text === '12.' ? 1200 : text === '12.5' ? 1250 : null
      expect(parseMoney(text, 'CNY')).toBe(wrong)
    }
    expect(parseMoney('12.5', 'JPY')).toBeNull()
  })
  it('is a day here, not in Greenwich', () => {
    expect(today(new Date(2026, 0, 5, 0, 30))).toBe('2026-01-05')
  })
  it('finds words in any order', () => {
    expect(matches('agro steppe', 'Steppe Agro Parts')).toBe(true)
    expect(matches('agro north', 'Steppe Agro Parts', null)).toBe(false)
  })
})

describe('how fresh a dealer is', () => {
  it('worries after a week, not after a weekend without signal', () => {
    const now = Date.UTC(2026, 10, 24)
    const hours = (count: number): number => now - count * 3_600_000
    expect([hours(2), hours(60), hours(24 * 8)].map((at) => freshness(at, now))).toEqual(['fresh', 'aged', 'stale'])
    expect(freshness(null, now)).toBe('never')
  })
})

describe('the history', () => {
  const change = (at: number, received: number, device: string, hash = `${at}`): Change => ({
    hash, at, received_at: received, device, device_name: device, account_name: 'Li', message: null
  })
  const minute = 60_000
  const detail = (changes: Change[], more: Partial<Detail> = {}): Detail => ({
    id: 'd', kind: 'order', scope: 'dealer:a', content: {}, row: {}, verdict: null, conflicts: [], decision: null, decisions: [], changes, commands: [],
    records: [], postings: [], products: {}, ...more
  })
  it('gathers what one person wrote in one go, and keeps apart what came from elsewhere or later', () => {
    const steps = storyOf(detail([change(1 * minute, 100 * minute, 't1'), change(3 * minute, 100 * minute, 't1'), change(2 * minute, 101 * minute, 't2'), change(90 * minute, 102 * minute, 't2')]))
    expect(steps.map((step) => step.kind === 'changes' && [step.device, step.changes.length])).toEqual([['t2', 1], ['t2', 1], ['t1', 2]])
  })
  it('stands newest first, the decision after what caused it', () => {
    const decision = { verdict: 'held' as const, reasons: [], figures: {}, at: 100 * minute, cause: 'change' }
    const command = { id: 'c', name: 'approve', params: {}, by: 'p', by_name: 'P', at: 200 * minute }
    const steps = storyOf(detail([change(1 * minute, 100 * minute, 't1')], { decisions: [decision, { ...decision, at: 200 * minute }], commands: [command] }))
    expect(steps.map((step) => step.kind)).toEqual(['decision', 'command', 'decision', 'changes'])
  })
})
