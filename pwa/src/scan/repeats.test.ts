import { expect, it } from 'vitest'
import { AWAY_MS, Sightings } from './repeats'

it('a code that stays in view is one scan; out of view for a while, it is another', () => {
  const sightings = new Sightings()
  let at = 0
  const scans = (times: number, every: number) => {
    let count = 0
    for (let n = 0; n < times; n++) if (sightings.isScan('a', false, (at += every))) count++
    return count
  }
  expect(scans(100, 120)).toBe(1)
  expect(scans(1, AWAY_MS - 1)).toBe(0)
  expect(scans(1, AWAY_MS)).toBe(1)
})

it('another code counts at once', () => {
  const sightings = new Sightings()
  expect(['a', 'b', 'a', 'b'].map((text, n) => sightings.isScan(text, false, n * 100))).toEqual([true, true, false, false])
})

it('a weak code must be seen twice alike', () => {
  const sightings = new Sightings()
  expect(['12', '1234', '1234', '1234'].map((text, n) => sightings.isScan(text, true, n * 100))).toEqual([false, false, true, false])
})
