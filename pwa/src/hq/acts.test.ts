import { describe, expect, it } from 'vitest'
import { invoicesOf, openActs, shipmentsOf, toShip } from './acts'
import type { Detail, Reason, Verdict } from './wire'

function detail(verdict: Verdict, more: { reasons?: Reason[]; lines?: Record<string, object>; records?: Detail['records'] } = {}): Detail {
  const decision = { verdict, reasons: more.reasons ?? [], figures: { lines: more.lines ?? {} }, at: 1 }
  return {
    id: 'd', kind: 'order', scope: 'dealer:alfki', content: {}, row: {}, verdict, conflicts: [], decision, decisions: [decision], changes: [],
    commands: [], records: more.records ?? [], postings: [], products: {}
  }
}

const line = { l1: { state: 'open', allocated: '10', shipped: '4' } }
const shipment = (id: string, delivered: string | null) => ({
  kind: 'shipment', key: id, body: { id, number: id, shipped_at: `2026-01-0${id}`, delivered_at: delivered, carrier: '', tracking: '', lines: {} }
})
const invoice = (shipments: string[]) => ({ kind: 'invoice', key: 'i', body: { id: 'i', number: 'I', at: '2026', currency: 'CNY', shipments, net: 1, tax: 0, total: 1 } })

describe('what can be shipped', () => {
  it('is what is set aside and has not left, exactly, and nothing of held or refused lines', () => {
    const lines = {
      a: { state: 'open', allocated: '10', shipped: '4' }, b: { state: 'open', allocated: '2.5' }, c: { state: 'held', allocated: '3' },
      d: { state: 'open', allocated: '7', shipped: '7' }, e: { state: 'open' }, f: { state: 'open', allocated: '0.3', shipped: '0.1' }
    }
    expect(toShip({ lines })).toEqual({ a: '6', b: '2.5', f: '0.2' })
    expect(toShip(undefined)).toEqual({})
  })
})

describe('the acts that are open', () => {
  it('follow the decision', () => {
    expect(openActs(detail('held'), 'administrator')).toEqual(['approve', 'reject', 'payment'])
    expect(openActs(detail('accepted', { lines: line }), 'administrator')).toEqual(['ship', 'reject', 'payment'])
    expect(openActs(detail('refused', { reasons: [{ code: 'rejected' }] }), 'sales')).toEqual(['approve'])
    expect(openActs(detail('draft'), 'administrator')).toEqual(['payment'])
    expect(openActs(detail('withdrawn'), 'sales')).toEqual([])
  })

  it('follow what has left, arrived and been invoiced', () => {
    const left = detail('accepted', { lines: line, records: [shipment('1', null), shipment('2', '2026'), invoice(['2'])] })
    expect(openActs(left, 'administrator')).toEqual(['ship', 'deliver', 'invoice', 'payment'])
    const all = detail('closed', { records: [shipment('1', '2026'), invoice(['1'])] })
    expect(openActs(all, 'administrator')).toEqual(['payment'])
    expect(shipmentsOf(left).map((each) => each.id)).toEqual(['1', '2'])
    expect(invoicesOf(left)).toHaveLength(1)
  })

  it('put a case first and do not ship before it is settled', () => {
    const acts = openActs(detail('accepted', { lines: line, reasons: [{ code: 'edited_after_shipping' }], records: [shipment('1', '2026'), invoice(['1'])] }), 'sales')
    expect(acts).toEqual(['resolve_case'])
  })

  it('follow the role', () => {
    const waiting = detail('accepted', { lines: line, records: [shipment('1', null)] })
    expect(openActs(waiting, 'sales')).toEqual(['ship', 'deliver'])
    expect(openActs(waiting, 'finance')).toEqual(['invoice', 'payment'])
    expect(openActs(waiting, 'service')).toEqual([])
  })
})
