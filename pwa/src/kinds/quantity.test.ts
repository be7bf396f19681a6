import { describe, expect, it } from 'vitest'
import { lineAmount, roundHalfUp, taxAmount } from './money'
import { formatQuantity, parseQuantity } from './quantity'

describe('exact quantities', () => {
  it.each([['12', 12000n], ['0.5', 500n], ['-3.125', -3125n], ['0', 0n], ['999999999.999', 999999999999n]])('reads and writes %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value)
    expect(formatQuantity(value)).toBe(text)
  })
  it.each(['', '.5', '1.', '01', '1.2345', '1e3', ' 1', 'NaN'])('does not read %j', (text) => {
    expect(parseQuantity(text)).toBeNull()
  })
})

describe('money', () => {
  it('rounds halves away from zero', () => {
    expect([roundHalfUp(5n, 2n), roundHalfUp(-5n, 2n), roundHalfUp(4n, 3n), roundHalfUp(-4n, 3n)]).toEqual([3n, -3n, 1n, -1n])
  })
  it('rounds a line once, at the end', () => {
    expect(lineAmount(999n, 333n)).toBe(333n)
    expect(lineAmount(1005n, 1500n, 250)).toBe(1470n)
    expect(taxAmount(1470n, 1300)).toBe(191n)
  })
  it('is exact above what a float holds', () => {
    expect(lineAmount(1_000_000_000_000n, 999_999_999_999n)).toBe(999_999_999_999_000_000_000n)
  })
})
