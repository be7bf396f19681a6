import { describe, expect, it } from 'vitest'
import { dayOf, decimalOf, readGs1, type Gs1 } from './gs1'
import { GS } from './scan'

const YEAR = 2026
const GTIN = '06901234567892'
const read = (text: string, separator = '') => readGs1(text, YEAR, separator)
/** What it says, without what is always there. */
function said(text: string): Partial<Gs1> {
  const { form: _form, text: _text, ...rest } = read(text)
  return rest
}
const clean = { others: [], problems: [] }

describe('each element', () => {
  it.each<[string, Partial<Gs1>]>([
    [']C100106141412345678908', { sscc: '106141412345678908' }],
    [`]C101${GTIN}`, { gtin: GTIN }],
    [`]C102${GTIN}3748`, { contains: GTIN, count: '48' }],
    [']C110AB-12/c', { batch: 'AB-12/c' }],
    [']C111260228', { production: '2026-02-28' }],
    [']C112261231', { due: '2026-12-31' }],
    [']C113260101', { packed: '2026-01-01' }],
    [']C115280229', { bestBefore: '2028-02-29' }],
    [']C116270100', { sellBy: '2027-01-31' }],
    [']C117270200', { expiry: '2027-02-28' }],
    [']C12007', { variant: '07' }],
    [']C121SN"4711', { serial: 'SN"4711' }],
    [']C13000000012', { variableCount: '12' }],
    [']C13700', { count: '0' }],
    [']C13100000525', { netWeight: '525' }],
    [']C13103000525', { netWeight: '0.525' }],
    [']C13103012500', { netWeight: '12.500' }],
    [']C13106000001', { netWeight: '0.000001' }],
    [']C139020012345', { amount: { value: '123.45' } }],
    [']C139121560012345', { amount: { value: '123.45', currency: '156' } }],
    [']C13922999', { price: { value: '9.99' } }],
    [']C139329780999', { price: { value: '9.99', currency: '978' } }]
  ])('%j', (text, fields) => expect(said(text)).toEqual({ ...clean, ...fields }))

  it.each<[string, Gs1['others'][number]]>([
    ['3112000150', { ai: '3112', value: '000150', decimal: '1.50' }],
    ['3121000305', { ai: '3121', value: '000305', decimal: '30.5' }],
    ['3130000002', { ai: '3130', value: '000002', decimal: '2' }],
    ['3143001234', { ai: '3143', value: '001234', decimal: '1.234' }],
    ['3155123456', { ai: '3155', value: '123456', decimal: '1.23456' }],
    ['3162000100', { ai: '3162', value: '000100', decimal: '1.00' }],
    ['3201000105', { ai: '3201', value: '000105', decimal: '10.5' }],
    ['39410150', { ai: '3941', value: '0150', decimal: '15.0' }],
    ['400PO-2026-17', { ai: '400', value: 'PO-2026-17' }],
    ['4106901234567892', { ai: '410', value: '6901234567892' }],
    ['4116901234567892', { ai: '411', value: '6901234567892' }],
    ['4146901234567892', { ai: '414', value: '6901234567892' }],
    ['4176901234567892', { ai: '417', value: '6901234567892' }],
    ['8005001250', { ai: '8005', value: '001250' }],
    ['8008260228143059', { ai: '8008', value: '260228143059' }],
    ['240TYPE-9', { ai: '240', value: 'TYPE-9' }],
    ['241CUST/5', { ai: '241', value: 'CUST/5' }],
    ['250SUB-1', { ai: '250', value: 'SUB-1' }],
    ['99ours', { ai: '99', value: 'ours' }]
  ])('%s is kept among the others', (text, other) => expect(said(`]C1${text}`)).toEqual({ others: [other], problems: [] }))
})

describe('each form of one label', () => {
  const label = { gtin: GTIN, batch: 'L7', expiry: '2027-03-31', ...clean }
  it.each([
    `]C101${GTIN}10L7${GS}17270331`,
    `]d201${GTIN}1727033110L7`,
    `]Q3${GS}01${GTIN}10L7${GS}17270331${GS}`,
    `]e001${GTIN}17270331${GS}10L7`,
    `${GS}01${GTIN}10L7${GS}17270331`,
    `01${GTIN}10L7${GS}17270331\r\n`,
    `01${GTIN}10L7|17270331`,
    `]C101${GTIN}10L7{GS}17270331`,
    `]C101${GTIN}10L7<GS>17270331`,
    `]C101${GTIN}10L7␝17270331`,
    `(01)${GTIN}(10)L7(17)270331`,
    ' (01) 6901234567892 (10) L7 (17) 270331 ',
    '（01）6901234567892（10）L7（17）270331',
    `https://id.gs1.org/01/${GTIN}/10/L7?17=270331`,
    `https://shop.example/cn/p/01/6901234567892/10/L7?17=270331&linkType=gs1:pip#top`,
    `]Q1HTTPS://id.gs1.org/01/${GTIN}/10/%4C7?17=270331`
  ])('%j', (text) => expect(said(text)).toEqual(label))

  it('takes the sign that the scanner is set up with, though GS1 allows it in values', () => {
    expect(readGs1(`]C101${GTIN}10L7%17270331`, YEAR, '%')).toMatchObject(label)
    expect(read(`]C101${GTIN}10L7%17270331`).batch).toBe('L7%17270331')
  })
})

describe('a number alone', () => {
  it.each([
    ['6901234567892', GTIN], [']E06901234567892', GTIN], ['012345678905', '00012345678905'], ['0012345678905', '00012345678905'],
    ['96385074', '00000096385074'], [']E496385074', '00000096385074'], ['16901234567899', '16901234567899'], ['04252614', '00042100005264']
  ])('%s', (text, gtin) => expect(read(text)).toMatchObject({ form: 'gtin', gtin, ...clean }))

  it('that was misread is told, and is not taken for another', () => {
    expect(read('6901234567893')).toEqual({
      form: 'plain', text: '6901234567893', others: [], problems: [{ code: 'check_digit', ai: '', value: '6901234567893' }]
    })
  })

  it.each(['SN-4711', '4711', 'https://example.com/x', '龙井', ''])('%j is none', (text) => {
    expect(read(text)).toEqual({ form: 'plain', text, ...clean })
  })
})

describe('what is wrong is told, and the rest is read', () => {
  it.each<[string, string, Partial<Gs1>]>([
    [`]C101${GTIN.slice(0, 13)}310L7`, 'check_digit', { gtin: '06901234567893', batch: 'L7' }],
    [']C100106141412345678909', 'check_digit', { sscc: '106141412345678909' }],
    [']C14106901234567893', 'check_digit', {}],
    [']C117271332', 'date', {}],
    [']C117270230', 'date', {}],
    [']C11727O331', 'date', {}],
    [']C13103ABCDEF', 'number', {}],
    [']C13109000525', 'number', {}],
    [']C13912CNY100', 'number', {}],
    [']C137twelve', 'number', {}],
    [']C110ABCDEFGHIJKLMNOPQRSTUVW', 'length', { batch: 'ABCDEFGHIJKLMNOPQRSTUVW' }],
    [']C110', 'length', { batch: '' }],
    [`]C10169012${GS}10L7`, 'length', { batch: 'L7' }],
    [']C11727', 'date', {}],
    [`]C104123${GS}10L7`, 'unknown', { batch: 'L7' }],
    [`]C1AB${GS}10L7`, 'unknown', { batch: 'L7' }],
    [`]C110L7${GS}10L8`, 'repeated', { batch: 'L7' }],
    ['(017)250630', 'unknown', {}],
    ['(01)ABC(10)L7', 'length', { batch: 'L7' }]
  ])('%j', (text, code, fields) => {
    const found = read(text)
    expect(found.problems.map((each) => each.code)).toContain(code)
    expect(found).toMatchObject(fields)
  })

  it('an identifier that nobody knows yet stands among the others', () => {
    expect(read(`]C14399X${GS}10L7`)).toMatchObject({ batch: 'L7', others: [{ ai: '4399', value: 'X' }] })
  })

  it('the same said twice in the same words is no problem', () => {
    expect(said(`]C110L7${GS}10L7`)).toEqual({ batch: 'L7', ...clean })
  })
})

describe('days and decimals', () => {
  it.each([
    ['510101', 2000, '1951-01-01'], ['500101', 2000, '2050-01-01'], ['760101', 2026, '2076-01-01'], ['770101', 2026, '1977-01-01'],
    ['000101', 2049, '2000-01-01'], ['000101', 2050, '2100-01-01'], ['990101', 2001, '1999-01-01'], ['280200', 2026, '2028-02-29']
  ])('%s read in %i is %s', (value, year, day) => expect(dayOf(value, year)).toBe(day))

  it('are exact', () => {
    expect(decimalOf('999999999999999999', 2)).toBe('9999999999999999.99')
    expect(decimalOf('000000', 3)).toBe('0.000')
    expect(decimalOf('12', 3)).toBeNull()
    expect(decimalOf('', 0)).toBeNull()
    expect(decimalOf('12', NaN)).toBeNull()
  })
})

describe('anything at all', () => {
  /** Mulberry32: the same numbers for the same seed. */
  function random(seed: number): () => number {
    let state = seed
    return () => {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
    }
  }
  const pieces = ['01', '10', '17', '310', '3103', '391', '(01)', '(', ')', '(10)', GS, GTIN, '270331', ']C1', ']', 'https://id.gs1.org/', '/01/', '%', '%E0%A4%A', '?17=', '\u0000', '\ud800', '💧', '（', '__proto__', '8008', '99', '{GS}']

  it.each([1, 2, 3, 4])('is read without a throw, the same each time (seed %i)', (seed) => {
    const next = random(seed)
    for (let round = 0; round < 5_000; round++) {
      const length = Math.floor(next() * 12)
      const text = Array.from({ length }, () =>
        next() < 0.7 ? (pieces[Math.floor(next() * pieces.length)] ?? '') : String.fromCharCode(Math.floor(next() * (next() < 0.8 ? 128 : 65_536)))
      ).join('')
      const found = readGs1(text, YEAR)
      expect(readGs1(text, YEAR)).toEqual(found)
      for (const day of [found.expiry, found.production, found.due]) expect(day ?? '2000-01-01').toMatch(/^\d{4}-\d\d-\d\d$/)
      for (const number of [found.netWeight, found.count, found.amount?.value]) expect(number ?? '0').toMatch(/^\d+(\.\d+)?$/)
      expect(found.gtin ?? GTIN).toMatch(/^\d{14}$/)
    }
  })

  it('however long, in no time', () => {
    const began = performance.now()
    for (const piece of ['(01)', `01${GTIN}`, GS, '/01', '9'.repeat(10)]) readGs1(`]C1${piece.repeat(5_000)}`, YEAR)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
