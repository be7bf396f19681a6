import { describe, expect, it } from 'vitest'
import { press, type Key } from './keypad'

function type(start: string, keys: Key[], step = 1000n): string {
  let fresh = true
  return keys.reduce((text, key) => {
    const next = press(text, key, fresh, step)
    fresh = key === 'plus' || key === 'minus'
    return next
  }, start)
}

describe('the quantity keypad', () => {
  it('replaces what stands there with the first digit, then appends', () => {
    expect(type('5', ['1', '2'])).toBe('12')
    expect(type('5', ['plus', '3'])).toBe('3')
  })
  it('goes up and down by the step and not below zero', () => {
    expect(type('12', ['plus'], 12000n)).toBe('24')
    expect(type('12', ['minus', 'minus'], 12000n)).toBe('0')
  })
  it('takes one point and three places', () => {
    expect(type('', ['.', '5', '.', '2', '5', '9'])).toBe('0.525')
  })
  it('takes nine digits before the point', () => {
    expect(type('', ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'])).toBe('123456789')
  })
  it('erases', () => {
    expect(type('12', ['erase'])).toBe('')
    expect(type('', ['1', '2', 'erase', 'erase', 'erase'])).toBe('')
  })
})
