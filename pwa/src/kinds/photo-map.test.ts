import { describe, expect, it } from 'vitest'
import type { Attachment } from '../store'
import { photoEdits, photosOf } from './photo-map'

const photo = (letter: string, taken: string): Attachment => ({
  hash: letter.repeat(64), size: 1, type: 'image/jpeg', width: 1, height: 1, taken_at: taken, place: null
})
const first = photo('a', '2026-03-01T08:00:00Z')
const second = photo('b', '2026-03-01T09:00:00Z')

describe('photos in a map', () => {
  it('stand in the order in which they were taken', () => expect(photosOf({ x: second, y: first })).toEqual([first, second]))
  it('are added under their hash and removed by their key', () =>
    expect(photoEdits('photos', { x: first }, [second])).toEqual([
      { op: 'delete', path: 'photos/x' },
      { op: 'set', path: `photos/${'b'.repeat(32)}`, value: second }
    ]))
  it('cost nothing where they are so', () => expect(photoEdits('photos', { x: first }, [first])).toEqual([]))
})
