import { describe, expect, it } from 'vitest'
import { NOTICES } from '../generated/reasons'
import { type Pushed, wordsFor } from './push-words'

const told = (given: Partial<Pushed>): Pushed => ({ code: '', params: {}, document: '', kind: '', hq: false, ...given })
const nameOf = (id: string): string | null => (id === 'oil-filter' ? '机油滤清器' : null)
const low = (product: string): Pushed => told({ code: 'stock_low', params: { location: 'dealer:alfki', product, on_hand: '1200.5' } })

describe('a notification', () => {
  it.each([
    ['en', 'order_held', 'Order A-0001 is held at headquarters.'],
    ['zh-CN', 'order_held', '订单 A-0001 总部待审。']
  ] as const)('%s', (locale, code, body) => {
    const shown = wordsFor(told({ code, document: 'd1', kind: 'order' }), locale, 'A-0001', nameOf)
    expect(shown).toMatchObject({ body, path: '/open/order/d1', tag: 'd1' })
  })

  it('says what is low, where, and how much is left, in the language of the reader', () => {
    expect(wordsFor(low('oil-filter'), 'zh-CN', null, nameOf).body).toBe('门店的机油滤清器不足：现有 1,200.5')
    expect(wordsFor(low('v-belt'), 'en', null, nameOf).body).toBe('v-belt is low at the store: 1,200.5 there')
  })

  it('says at headquarters whose place it is, by the names that came with it', () => {
    const names = { product: { zh: '三角带', en: 'V-belt' }, place: 'Alfreds' }
    expect(wordsFor({ ...low('v-belt'), hq: true, names }, 'en', null, () => null).body).toBe('V-belt is low at Alfreds · the store: 1,200.5 there')
  })

  it('stands beside that of another product, and leads to the stock', () => {
    const [one, other] = [wordsFor(low('oil-filter'), 'en', null, nameOf), wordsFor(low('v-belt'), 'en', null, nameOf)]
    expect(one.tag).not.toBe(other.tag)
    expect(one.path).toBe('/stock')
    expect(wordsFor({ ...low('v-belt'), hq: true }, 'en', null, nameOf).path).toBe('/hq/places')
  })

  it('leads to the entry, of whatever kind, at the tablet and at headquarters', () => {
    const request = told({ code: 'request_assigned', params: { number: 'Q-1', technician: 'Ma' }, document: 'ab', kind: 'service_request' })
    expect(wordsFor(request, 'en', 'Q-1', nameOf)).toEqual({ title: 'Daybook · Q-1', body: 'Request Q-1 goes to Ma', tag: 'ab', path: '/open/service_request/ab' })
    expect(wordsFor({ ...request, hq: true }, 'en', null, nameOf).path).toBe('/hq/open/service_request/ab')
  })

  it('writes money with its currency', () => {
    const invoiced = told({ code: 'order_invoiced', params: { number: 'A-1', invoice: 'I-1', total: 125_050, currency: 'CNY' }, document: 'ab', kind: 'order' })
    expect(wordsFor(invoiced, 'zh-CN', 'A-1', nameOf).body).toContain('¥1,250.50')
  })

  it('has words for every notice that the server knows, and news for those it does not', () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const none = wordsFor(told({ code: 'of_a_later_version' }), locale, null, nameOf)
      expect(none.path).toBe('/attention')
      for (const code of Object.keys(NOTICES)) expect(wordsFor(told({ code }), locale, null, nameOf).body, code).not.toBe(none.body)
    }
  })
})
