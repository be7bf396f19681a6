import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Order } from '../../generated/order'
import type { Dealer, PriceList, Product, ProductPrice } from '../../generated/records'
import { parseQuantity } from '../quantity'
import { advise, type Known } from './advice'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Fields = { [key: string]: Json }

interface Case {
  says: string
  advice?: boolean
  document?: Fields
  records?: Fields
  balances?: Record<string, number | string>
  expect?: {
    verdict: string
    reasons?: { code: string; line?: string; params?: Fields }[]
    figures?: { net?: number; tax?: number; total?: number; lines?: Record<string, { net?: number; tax?: number; price?: number }> }
  }
}

const folder = new URL('../../../../schemas/cases/order/', import.meta.url)
const read = <Value>(name: string): Value => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Value
const base = read<{ records: Fields; balances: Record<string, number | string>; document: Fields; received_at: string }>('base.json')
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name !== 'base.json')
  .map((name) => ({ name, ...read<Case>(name) }))
  .filter((each) => each.advice)

/** A JSON merge patch (RFC 7386): null takes out. */
function patched(target: Json, patch: Json): Json {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result: Fields = target !== null && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = patched(result[key] ?? null, value)
  }
  return result
}

function knownOf(records: Fields, balances: Record<string, number | string>, order: Order): Known {
  const record = <Body>(kind: string, key: string) => records[`${kind}/${key}`] as unknown as Body | undefined
  return {
    dealer: record<Dealer>('dealer', order.dealer),
    product: (id) => record<Product>('product', id),
    priceList: (key) => record<PriceList>('price_list', key),
    price: (key) => record<ProductPrice>('price', key),
    balance: {
      receivable: Number(balances[`money receivable:${order.dealer} ${order.currency}`] ?? 0),
      open_orders: Number(balances[`commitment open_orders:${order.dealer} ${order.currency}`] ?? 0)
    },
    available: (product) => parseQuantity(String(balances[`stock warehouse:main ${product}`] ?? '0')) ?? 0n,
    at: Date.parse(String(order.captured_at ?? order.created_at))
  }
}

describe('the advice says what the server decides', () => {
  it('has cases to run', () => expect(cases.length).toBeGreaterThan(20))

  it.each(cases)('$name: $says', ({ document = {}, records = {}, balances = {}, expect: expected }) => {
    const order = patched(base.document, document) as unknown as Order
    const advice = advise(order, knownOf(patched(base.records, records) as Fields, { ...base.balances, ...balances }, order))
    const said = advice.reasons.map(({ code, line, params }) => ({ code, line: line ?? null, params }))
    if (expected?.reasons) {
      expect(said.map(({ code, line }) => [code, line])).toEqual(expected.reasons.map(({ code, line }) => [code, line ?? null]))
      expected.reasons.forEach((reason, i) => expect(said[i]?.params).toMatchObject(reason.params ?? {}))
    }
    const { net, tax, total, lines = {} } = expected?.figures ?? {}
    if (net !== undefined) expect(Number(advice.net)).toBe(net)
    if (tax !== undefined) expect(Number(advice.tax)).toBe(tax)
    if (total !== undefined) expect(Number(advice.total)).toBe(total)
    for (const [id, figures] of Object.entries(lines)) {
      const line = advice.lines.find((each) => each.id === id)
      for (const field of ['net', 'tax', 'price'] as const) if (figures[field] !== undefined) expect(Number(line?.[field]), `${id}/${field}`).toBe(figures[field])
    }
    if (expected?.verdict === 'held') expect(advice.held || advice.lines.some((line) => line.state === 'held')).toBe(true)
    if (expected?.verdict === 'accepted') expect(advice.held).toBe(false)
  })
})
