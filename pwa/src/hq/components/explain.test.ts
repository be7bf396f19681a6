// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { chooseLanguage, i18n, useArea } from '../../i18n/i18n'
import { hqRoutes } from '../routes'
import type { Detail, LedgerEntry } from '../wire'
import CreditSum from './CreditSum.vue'
import DecisionPart from './DecisionPart.vue'
import LinesTable from './LinesTable.vue'
import PostingsTable from './PostingsTable.vue'
import ShipAct from './ShipAct.vue'

const line = (position: number, product: string, quantity: string, price: number) => ({ position, product, quantity, unit: 'pcs', price })

const detail: Detail = {
  id: 'd1', kind: 'order', scope: 'dealer:a', dealer: 'a', dealer_name: 'Alfa Parts', row: { number: 'K7-1', currency: 'CNY' }, verdict: 'held',
  content: { lines: { l2: line(2, 'belt', '5', 20000), l1: line(1, 'oil', '60', 6911) } },
  conflicts: [], changes: [], commands: [], records: [], postings: [], products: { oil: { en: 'Engine oil', zh: '机油' }, belt: { en: 'V-belt' } }, decisions: [],
  decision: {
    verdict: 'held', at: 1_760_000_000_000,
    reasons: [
      { code: 'price_differs', line: 'l1', rule: 'O6', params: { captured: 6911, expected: 7511, used: 7511 } },
      { code: 'credit_over_limit', rule: 'O10', params: { receivable: 100000, open_orders: 0, order: 550660, limit: 500000, over: 150660 } }
    ],
    figures: {
      net: 550660, tax: 0, total: 550660, credit: { receivable: 100000, open_orders: 0, order: 550660, limit: 500000 },
      lines: {
        l1: { state: 'open', price: 7511, net: 450660, tax: 0, captured: 6911, expected: 7511, allocated: '40', back_ordered: '20' },
        l2: { state: 'open', price: 20000, net: 100000, tax: 0, allocated: '5', shipped: '2' }
      }
    }
  }
}

const router = createRouter({ history: createMemoryHistory(), routes: hqRoutes })
const global = { plugins: [i18n, router] }
const text = (wrapper: { text: () => string }): string => wrapper.text().replace(/\s+/g, ' ')

beforeAll(async () => {
  await chooseLanguage('en')
  await useArea('hq')
})
afterEach(() => vi.unstubAllGlobals())

describe('the decision explained', () => {
  it('says each reason with its figures and its line, in both languages', async () => {
    const part = mount(DecisionPart, { props: { detail, currency: 'CNY' }, global })
    const reasons = part.findAll('[data-testid="hq-reason"]').map(text)
    expect(reasons).toHaveLength(2)
    for (const figure of ['Engine oil', '69.11', '75.11', 'O6']) expect(reasons[0]).toContain(figure)
    for (const figure of ['1,506.60', '5,000.00', 'O10']) expect(reasons[1]).toContain(figure)
    await chooseLanguage('zh-CN')
    expect(text(part)).toContain('机油')
    expect(text(part)).toContain('授信')
    await chooseLanguage('en')
  })

  it('shows entries of every ledger, by their product or their currency', () => {
    const leg = (ledger: LedgerEntry['ledger'], account: string, item: string, amount: number): LedgerEntry => ({ set: 'shipment:1', ledger, account, item, amount, at: 1 })
    const postings = [
      leg('stock', 'dealer:a:cold', 'oil', 2500), leg('lot', 'warehouse:main', 'oil#L7', 1000), leg('money', 'receivable:a', 'CNY', 691100),
      leg('value', 'cost:dealer:a', 'oil', -1250), leg('value', 'stock:hq', 'oil', 1250), leg('identity', 'number', 'K7-1', 1)
    ]
    const shown = mount(PostingsTable, { props: { detail: { ...detail, scope: 'dealer:a', postings } }, global })
    const cells = shown.findAll('tbody tr').slice(1).map((row) => row.findAll('td').map(text))
    expect(cells.map(([account, what]) => [account, what])).toEqual([
      ['At the dealer · Alfa Parts · cold', 'Engine oil'], ['Warehouse', 'Engine oil · L7'], ['Receivable · Alfa Parts', ''],
      ['Cost of goods · Alfa Parts', 'Engine oil'], ['Value of stock', 'Engine oil'], ['number', '']
    ])
    expect(cells.map(([, , amount]) => amount?.replace(/[^\d.,]/g, ''))).toEqual(['2.5', '1', '6,911.00', '12.50', '12.50', '1'])
  })

  it('shows the credit as a sum that is right', () => {
    const sum = mount(CreditSum, { props: { credit: { receivable: 100000, open_orders: 0, order: 550660, limit: 500000 }, currency: 'CNY' }, global })
    const figures = sum.findAll('td').map((cell) => cell.text().replace(/[^\d.]/g, ''))
    expect(figures).toEqual(['1000.00', '0.00', '5506.60', '6506.60', '5000.00', '1506.60'])
    expect(sum.text()).toContain('Over by')
    const within = mount(CreditSum, { props: { credit: { receivable: -900000, open_orders: 1, order: 2, limit: 0 }, currency: 'CNY', prepaid: true }, global })
    expect(within.text()).toContain('Paid ahead')
    expect(within.text()).toContain('8,999.97')
    expect(within.text()).not.toContain('Over by')
    const free = mount(CreditSum, { props: { credit: { receivable: 5, open_orders: 5, order: 5, limit: null }, currency: 'CNY' }, global })
    expect(free.text()).not.toContain('Over by')
  })

  it('shows both prices and what each line gets, in the order in which they were written', () => {
    const table = mount(LinesTable, { props: { detail, currency: 'CNY' }, global })
    const rows = table.findAll('tbody tr').map(text)
    expect(rows[0]).toContain('Engine oil')
    for (const figure of ['60 pcs', '40 pcs', 'back order 20 pcs', '69.11', '75.11']) expect(rows[0]).toContain(figure)
    expect(rows[1]).toContain('2 pcs')
    expect(text(table.find('tfoot'))).toContain('5,506.60')
  })
})

describe('shipping in parts', () => {
  it('offers what is left, sends only what is asked, and refuses more', async () => {
    const bodies: unknown[] = []
    vi.stubGlobal('fetch', vi.fn(async (_: string, asked: RequestInit) => {
      bodies.push((JSON.parse(String(asked.body)) as { params: unknown }).params)
      return new Response('{"document":"d1","verdict":"in_part","decision":null}', { headers: { 'content-type': 'application/json' } })
    }))
    const panel = mount(ShipAct, { props: { detail }, global, attachTo: document.body })
    const fields = panel.findAll<HTMLInputElement>('[data-testid="hq-ship-quantity"]')
    expect(fields.map((field) => field.element.value)).toEqual(['40', '3'])
    const confirm = panel.get<HTMLButtonElement>('[data-testid="hq-confirm"]')
    await fields[0]?.setValue('41')
    expect(confirm.element.disabled).toBe(true)
    await fields[0]?.setValue('12')
    await fields[1]?.setValue('0')
    await panel.get('[data-testid="hq-tracking"]').setValue(' SF1 ')
    expect(confirm.element.disabled).toBe(false)
    await panel.get('form').trigger('submit')
    await vi.waitFor(() => expect(panel.emitted('done')).toHaveLength(1))
    expect(bodies).toEqual([{ lines: { l1: '12' }, carrier: '', tracking: 'SF1', shipped_on: null }])
    panel.unmount()
  })
})
