// @vitest-environment happy-dom
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMAND_FORMS } from '../generated/commands'
import { i18n } from '../i18n/i18n'
import desk from '../i18n/desk.en.json'
import hq from '../i18n/hq.en.json'
import order from '../i18n/order.en.json'
import words from '../i18n/words.en.json'
import visit from '../kinds/service_visit/words.en.json'
import { cellOf, columnsOf, nameOf, titleOf } from './columns'
import { contentOf, placeWord } from './content'
import { differing, mergeable } from './duplicates'
import type { Alike } from './field-wire'
import { asked, choicesFor, formLines, paramsOf } from './form'
import { columnLabel, fieldsOf, listedKinds, openCommands, wordFor } from './kinds'
import { offersOf } from './offers'
import { lastMonthsEnd, midnightAfter } from './periods'
import { placeGroups } from './places'
import { pressureOf, sayClock, sayMinutes } from './sla'
import type { Detail, DocumentRow } from './wire'

beforeAll(() => {
  i18n.global.locale.value = 'en'
  i18n.global.mergeLocaleMessage('en', { desk, hq, order, words, ...visit })
})

const detail = (more: Partial<Detail>): Detail => ({
  id: 'd', kind: 'goods_receipt', scope: 'dealer:a', content: {}, row: {}, verdict: 'in_part', dealer: 'a', dealer_name: 'Alfki', conflicts: [], decision: null,
  decisions: [], changes: [], commands: [], records: [], postings: [], products: { p1: { zh: '油', en: 'Oil' } }, ...more
})
const decided = (figures: Record<string, unknown>): Pick<Detail, 'decision'> => ({ decision: { verdict: 'in_part', reasons: [], figures, at: 1 } })
const lines = {
  l1: { product: 'p1', unit: 'pcs', shipped: '5', received: '3', damaged: '0', short: '2', surplus: '0', open: true },
  l2: { product: 'p1', unit: 'pcs', shipped: '5', received: '4', damaged: '1', short: '0', surplus: '0', open: true },
  l3: { product: 'p1', unit: 'pcs', shipped: '1', received: '1', damaged: '0', short: '0', surplus: '0', open: false }
}

describe('the form of a command', () => {
  const resolve = fieldsOf('goods_receipt.resolve')
  it('lists what is open, with the outcomes that fit', () => {
    const found = formLines(detail({ ...decided({ lines }) }), resolve[0]!)
    expect(found.map((line) => [line.key, line.title])).toEqual([['l1', 'Oil'], ['l2', 'Oil']])
    expect(found.map((line) => choicesFor(resolve[0]!.of![0]!, line))).toEqual([['lost', 'credit', 'resend'], ['credit', 'resend', 'accept']])
  })
  it('sends what was filled in, and nothing while something is missing', () => {
    expect(paramsOf(resolve, {})).toBeNull()
    expect(paramsOf(resolve, { lines: { l1: 'lost', l2: '' }, note: '  ' })).toEqual({ lines: { l1: 'lost' } })
    const receive = fieldsOf('goods_return.receive')
    expect(paramsOf(receive, { lines: { l1: { good: ' 2.5 ', scrapped: '' } } })).toEqual({ lines: { l1: { good: '2.5' } } })
    expect(paramsOf(receive, { lines: { l1: { good: 'two' } } })).toBeNull()
    expect(paramsOf(fieldsOf('stock_count.ask_recount'), { products: [] })).toBeNull()
  })
  it('asks for no photos and for no time that the server knows', () => {
    const names = asked(fieldsOf('service_request.open')).map((field) => field.name)
    expect(names).toEqual(expect.arrayContaining(['dealer', 'fault', 'urgency']))
    expect(names).not.toEqual(expect.arrayContaining(['photos']))
  })
  it('is there for every command of every kind', () => {
    for (const [command, fields] of Object.entries(COMMAND_FORMS)) expect(fields.every((field) => field.name), command).toBe(true)
  })
})

describe('what can be done', () => {
  it('follows the role and the state', () => {
    const request = (state: string): Detail => detail({ kind: 'service_request', row: { state, stage: 'submitted' }, ...decided({}) })
    expect(openCommands(request('open'), 'service')).toEqual(['assign', 'pause', 'close'])
    expect(openCommands(request('waiting'), 'service')).toEqual(['assign', 'resume', 'close'])
    expect(openCommands(request('closed'), 'service')).toEqual(['reopen'])
    expect(openCommands(request('open'), 'finance')).toEqual([])
    expect(openCommands(detail({ row: { differences: 1 } }), 'sales')).toEqual(['resolve'])
    expect(openCommands(detail({ kind: 'stock_count', verdict: 'held', row: { stage: 'closed' } }), 'finance')).toEqual(['accept', 'ask_recount'])
  })
  it('is offered by name, but what stands in a review of its own', () => {
    expect(offersOf(detail({ row: { differences: 1 } }), 'sales')).toEqual([{ name: 'resolve', testid: 'hq-act-resolve' }])
    expect(offersOf(detail({ kind: 'stock_count', verdict: 'held', row: { stage: 'closed' } }), 'finance')).toEqual([])
  })
})

describe('the content of an entry', () => {
  it('is told as facts, tables and photos, without what nobody reads', () => {
    const hash = 'a'.repeat(64)
    const told = contentOf(
      detail({
        content: {
          kind: 'goods_receipt', schema: 1, number: 'G-1', dealer: 'a', note: 'Wet', received_at: '', shipment: 'S-1', place: { address: 'Road 1', geo: null },
          machine: 'f'.repeat(32), products: { p1: true, p9: false },
          lines: { b: { position: 2, product: 'p1', unit: 'pcs', received: '1200.5', damaged: '0', photos: { x: { hash, taken_at: '2026-03-02T08:00:00Z' } } }, a: { position: 1, product: 'p7', unit: 'pcs', received: '2' } }
        },
        documents: { ['f'.repeat(32)]: { kind: 'machine', number: null, title: 'TR90-1' } }
      })
    )
    expect(told.facts.map((fact) => [fact.name, fact.text])).toEqual([['note', 'Wet'], ['shipment', 'S-1'], ['place', 'Road 1'], ['machine', 'TR90-1'], ['products', 'Oil']])
    expect(told.facts[3]!.to).toEqual({ kind: 'machine', document: 'f'.repeat(32) })
    const [table] = told.tables
    expect(table!.columns.map((column) => column.name)).toEqual(['product', 'unit', 'received', 'damaged'])
    expect(table!.rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([['p7', 'pcs', '2', ''], ['Oil', 'pcs', '1,200.5', '0']])
    expect(told.photos).toEqual([{ hash, at: '2026-03-02T08:00:00Z', of: 'p1' }])
  })
  it('names the product of a line that only names another, and what stands for each product alone', () => {
    const back = contentOf(detail({ content: { lines: { r1: { position: 1, line: 'l7', quantity: '2', condition: 'damaged' } } }, ...decided({ lines: { r1: { product: 'p1' } } }) }))
    expect(back.tables[0]!.rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([['Oil', '2', 'Damaged']])
    const arrived = contentOf(detail({ content: { lines: { p1: '40' } } }))
    expect(arrived.tables[0]!.rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([['Oil', '40']])
    expect(arrived.facts).toEqual([])
  })
  it('says a person by name or not at all, and a place on earth without its scheme', () => {
    const content = { device: 'd1', technician: '875811227f599960', geo: 'geo:45.3833,126.3127;u=9' }
    expect(contentOf(detail({ content })).facts.map((fact) => fact.text)).toEqual(['45.3833, 126.3127'])
    const wrote = { hash: 'h', at: null, received_at: 1, device: 'd1', device_name: null, account_name: 'Wu Gang', message: null }
    expect(contentOf(detail({ content, changes: [wrote] })).facts.map((fact) => fact.text)).toEqual(['Wu Gang', '45.3833, 126.3127'])
  })
  it('says each answer beside what was asked', () => {
    const visit = contentOf(detail({ kind: 'service_visit', content: { checklist: { leaks: 'not_ok', safety: 'ok', guards: null } } }))
    expect(visit.facts.map((fact) => [fact.label, fact.text])).toEqual([['No leaks', 'Not in order'], ['Stopped and safe', 'In order']])
  })
  it('names places by whose they are', () => {
    expect(placeWord('dealer:a:cold', 'Alfki')).toBe('Alfki · cold')
    expect(placeWord('dealer:b', 'Alfki', 'a')).toBe('b')
    expect(placeWord('warehouse:main', null)).toBe('Warehouse')
    expect(placeWord('van:x1', 'Wu Gang')).toBe('Van · Wu Gang')
  })
  it('gives a row the words of its choices', () => {
    const row = { kind: 'service_request', urgency: 'down', lines: 1200, total: 150, currency: null } as unknown as DocumentRow
    expect([cellOf(row, 'urgency'), cellOf(row, 'lines'), cellOf(row, 'total'), cellOf(row, 'absent')]).toEqual(['Standing still', '1,200', '', ''])
  })
  it('calls a row by its number, else by its title, else by what it is stored as', () => {
    const row = (more: object): DocumentRow => ({ kind: 'stock_count', document: '0123456789abcdef', dealer: 'a', dealer_name: 'Alfki', ...more }) as DocumentRow
    const rows = [row({ number: 'T-1', title: 'dealer:a:cold' }), row({ title: 'dealer:a:cold' }), row({}), row({ kind: 'order', title: 'Receiver' })]
    expect(rows.map((each) => [nameOf(each), titleOf(each)])).toEqual([['T-1', 'Alfki · cold'], ['Alfki · cold', 'Alfki · cold'], ['01234567', ''], ['01234567', '']])
  })
})

describe('the list of a kind', () => {
  it('has columns and words of its own, or those of any', () => {
    expect(columnsOf('order').map((name) => columnLabel('order', name))).toEqual(['Lines', 'Total', 'Wanted on', 'Taken'])
    expect([columnsOf('brand_new'), columnLabel('brand_new', 'total')]).toEqual([['total'], 'Total'])
    expect([wordFor('order', 'showAll'), wordFor('brand_new', 'showAll')]).toEqual(['Show all orders', 'Show all'])
  })
})

describe('the clock of a request', () => {
  const clock = (minutes: number, more = {}) => ({ what: 'fix' as const, due: 1, minutes, stands: false, late: minutes < 0, ...more })
  it('is said in working time', () => {
    expect([sayMinutes(125), sayMinutes(-40), sayMinutes(0)]).toEqual(['2 h 05 min', '40 min', '0 min'])
    expect(sayClock(clock(125))).toBe('2 h 05 min left to fix it')
    expect(sayClock(clock(-40))).toBe('40 min late to be fixed')
    expect(sayClock(clock(0, { stands: true, minutes: null }))).toBe('The clock stands still')
  })
  it('presses by what is left', () => {
    expect([clock(500), clock(90), clock(-1), clock(0, { late: true }), clock(0, { stands: true })].map(pressureOf)).toEqual(['calm', 'soon', 'late', 'late', 'stands'])
  })
})

describe('two that look alike', () => {
  const one = (document: string, content: Record<string, unknown>, alike: string[]): Alike => ({ document, content, alike }) as unknown as Alike
  const group = [one('a', { kind: 'customer', name: 'Li', phone: '1', note: '', created_at: 'x' }, []), one('b', { kind: 'customer', name: 'Li', phone: '2', note: '', created_at: 'y' }, ['a'])]
  it('show what differs and pass over what neither has', () => {
    expect(differing(group)).toEqual([{ name: 'name', differs: false }, { name: 'phone', differs: true }, { name: 'created_at', differs: false }])
  })
  it('go one way: who looks like the other goes into it', () => {
    expect(mergeable(group, group[0]!)?.document).toBe('b')
    expect(mergeable(group, group[1]!)).toBeUndefined()
  })
})

describe('closing a period', () => {
  it('takes whole days here', () => {
    expect(midnightAfter('2026-02-28')).toBe(new Date(2026, 2, 1).getTime())
    expect(lastMonthsEnd(new Date(2026, 2, 15))).toBe('2026-02-28')
  })
})

it('every kind is somewhere in the side bar, with a word', () => {
  const places = placeGroups().flatMap((group) => group.places)
  for (const kind of listedKinds) expect(places.filter((place) => place.kind === kind).length, kind).toBe(1)
  for (const place of places) expect(place.text, place.id).not.toMatch(/^$|\./)
})
