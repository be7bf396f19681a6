import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const sets = { light: ':root {', dark: '[data-theme="dark"] {', contrast: '[data-theme="contrast"] {' }

function colours(opening: string): Record<string, string> {
  const body = css.split(opening)[1]?.split('\n}')[0] ?? ''
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]]))
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

const grounds = ['canvas', 'surface', 'surface-sunk', 'accent-soft']
const pairs: [string, string][] = [
  ...['ink', 'ink-soft', 'accent'].flatMap((text) => grounds.map((ground): [string, string] => [text, ground])),
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-press'],
  ['canvas', 'ink'],
  ...['local', 'stored', 'good', 'warn', 'bad', 'part'].flatMap((state): [string, string][] => [
    [`state-${state}`, `state-${state}-soft`],
    [`state-${state}`, 'surface'],
    [`state-${state}`, 'canvas'],
    ['ink', `state-${state}-soft`],
    ['ink-soft', `state-${state}-soft`]
  ])
]

describe.each(Object.entries(sets))('the colours of %s', (_name, opening) => {
  const of = colours(opening)

  it.each(pairs)('%s on %s can be read in the sun', (text, ground) => {
    expect(contrast(of[text] ?? '', of[ground] ?? '')).toBeGreaterThanOrEqual(7)
  })

  it('draws the edges of what can be touched', () => {
    expect(contrast(of['outline'] ?? '', of['surface'] ?? '')).toBeGreaterThanOrEqual(3)
  })
})
