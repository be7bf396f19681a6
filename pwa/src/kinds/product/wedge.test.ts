import { describe, expect, it } from 'vitest'
import { WedgeReader } from './wedge'

function run(keys: string, gap: number): string | null {
  const reader = new WedgeReader()
  let at = 1000
  let code: string | null = null
  for (const key of [...keys, 'Enter']) code = reader.key(key, (at += gap)) ?? code
  return code
}

describe('a scanner that types', () => {
  it('is told from a hand by its speed', () => {
    expect(run('6901234567892', 8)).toBe('6901234567892')
    expect(run('6901234567892', 120)).toBeNull()
  })
  it('does not take a short word typed fast', () => {
    expect(run('tea', 8)).toBeNull()
  })
  it('forgets what a hand typed before', () => {
    const reader = new WedgeReader()
    reader.key('t', 1000)
    let at = 2000
    let code: string | null = null
    for (const key of [...'6901234567892', 'Enter']) code = reader.key(key, (at += 5)) ?? code
    expect(code).toBe('6901234567892')
  })
})
