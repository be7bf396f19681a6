import { describe, expect, it } from 'vitest'
import { checkDigitFits, gtinOf, paddedGtin, shortGtin, upcAOf } from './gtin'

describe('check digits', () => {
  it.each(['6901234567892', '96385074', '012345678905', '16901234567899', '106141412345678908'])('%s fits', (digits) => {
    expect(checkDigitFits(digits)).toBe(true)
    const wrong = digits.slice(0, -1) + ((Number(digits.at(-1)) + 1) % 10)
    expect(checkDigitFits(wrong)).toBe(false)
  })

  it.each(['', '7', '69012345678９2', 'abc', '-123'])('%j is no number', (text) => expect(checkDigitFits(text)).toBe(false))

  it('tells any single digit that is wrong', () => {
    for (let place = 0; place < 13; place++)
      for (let by = 1; by < 10; by++) {
        const digits = [...'6901234567892']
        digits[place] = String((Number(digits[place]) + by) % 10)
        expect(checkDigitFits(digits.join(''))).toBe(false)
      }
  })
})

describe('one number for one thing', () => {
  it('pads to fourteen', () => {
    expect(gtinOf('6901234567892')).toBe('06901234567892')
    expect(gtinOf('012345678905')).toBe(gtinOf('0012345678905'))
    expect(gtinOf('6901234567893')).toBeNull()
    expect(paddedGtin('6901234567893')).toBe('06901234567893')
    expect(paddedGtin('1234567890')).toBeNull()
  })

  it('is said as under the bars', () => {
    expect(['06901234567892', '00000096385074', '00012345678905', '16901234567899'].map(shortGtin)).toEqual([
      '6901234567892', '96385074', '012345678905', '16901234567899'
    ])
  })

  // The worked examples of GenSpecs 5.2.2.4.2, one for each way of leaving zeros out.
  it.each([
    ['01234505', '012000003455'], ['01234514', '012100003454'], ['01234523', '012200003453'],
    ['01234531', '012300000451'], ['01234543', '012340000053'], ['01234558', '012345000058'], ['01234598', '012345000096']
  ])('UPC-E %s', (upcE, upcA) => {
    const check = upcA.at(-1) ?? ''
    expect(upcAOf(upcE.slice(0, 7) + check)).toBe(upcA)
    expect(upcAOf(upcE.slice(0, 7) + ((Number(check) + 1) % 10))).toBeNull()
  })
})
