import { describe, expect, it } from 'vitest'
import { icons as headquarters } from '../hq/icons'
import { drawing, icons } from './icons'

const all = Object.entries({ ...headquarters, ...icons })

describe('every icon', () => {
  it.each(all)('%s is one path in the box that the components draw', (_, icon) => {
    expect(icon.endsWith('|0 -960 960 960')).toBe(true)
    expect(drawing(icon)).toMatch(/^M[MmZzLlHhVvCcSsQqTtAa\d\s.,-]+$/)
  })
})
