import { describe, expect, it } from 'vitest'
import type { Row } from '../../store/types'
import { dueOf, inTurn, isOver, stateOf } from './queue'

const row = (document: string, fields: Record<string, unknown>, at = '2026-03-01'): Row =>
  ({ document, at, verdict: 'accepted', fields: { stage: 'submitted', urgency: 'normal', respond: 'open', ...fields } }) as unknown as Row

describe('requests in turn', () => {
  it('[Q4] says what is due next and whether it is late', () => {
    expect(dueOf(row('a', { respond_due: 100, fix_due: 200 }), 150)).toEqual({ what: 'respond_by', at: 100, late: true })
    expect(dueOf(row('a', { respond: 'met', respond_due: 100, fix_due: 200 }), 150)).toEqual({ what: 'fix_by', at: 200, late: false })
    expect(dueOf(row('a', { state: 'waiting', respond: 'met', fix_due: null }), 150)).toBeNull()
    expect(dueOf(row('a', { state: 'fixed', respond_due: 100 }), 150)).toBeNull()
  })

  it('puts late and due ones first, later plans last', () => {
    const rows = [
      row('tomorrow', { respond_due: 50_000, planned_on: '2026-03-03' }),
      row('local', { urgency: 'down' }),
      row('soon', { respond_due: 30_000, planned_on: '2026-03-02' }),
      row('late', { respond_due: 10, planned_on: '2026-03-04' }),
      row('calm', { urgency: 'low' })
    ]
    expect(inTurn(rows, 20_000, '2026-03-02').map((each) => each.document)).toEqual(['late', 'soon', 'local', 'calm', 'tomorrow'])
  })

  it('[Q3] knows its state before headquarters has said it', () => {
    expect(stateOf(row('a', {}))).toBe('open')
    expect(stateOf(row('a', { stage: 'draft' }))).toBe('draft')
    expect(isOver(row('a', { state: 'closed' }))).toBe(true)
  })
})
