// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readGs1 } from './gs1'
import { GS, type Scan } from './scan'
import { listenToWedge, WedgeReader, type Key } from './wedge'

const EAN = '6901234567892'

function run(signs: Iterable<string | Key>, gap: number | (() => number), end = 'Enter'): string | null {
  const reader = new WedgeReader()
  let at = 1_000
  let code: string | null = null
  for (const sign of [...signs, end]) {
    at += typeof gap === 'number' ? gap : gap()
    code = reader.key(typeof sign === 'string' ? { key: sign, at } : { ...sign, at }) ?? code
  }
  return code
}

describe('a scanner that types', () => {
  it.each([[1, true], [8, true], [30, true], [44, true], [60, false], [90, false], [120, false]])('at %i ms a key: %s', (gap, heard) => {
    expect(run(EAN, gap)).toBe(heard ? EAN : null)
  })

  it('may stumble over its radio', () => {
    let key = 0
    expect(run(EAN, () => (++key % 5 === 0 ? 95 : 6))).toBe(EAN)
    expect(run(EAN, () => (++key % 5 === 0 ? 140 : 6))).toBeNull()
  })

  it('ends a code by Enter or Tab', () => {
    expect(run(EAN, 8, 'Tab')).toBe(EAN)
    expect(run(EAN, 8, 'Escape')).toBeNull()
  })

  it('does not take a short word typed fast', () => expect(run('tea', 8)).toBeNull())

  it('forgets what a hand typed before', () => {
    const reader = new WedgeReader()
    reader.key({ key: 't', at: 1_000 })
    let at = 2_000
    let code: string | null = null
    for (const key of [...EAN, 'Enter']) code = reader.key({ key, at: (at += 5) }) ?? code
    expect(code).toBe(EAN)
  })

  it('carries GS1 with its separator, as Ctrl+] or as the character', () => {
    const start = [...']C10106901234567892', ...'10L7']
    for (const separator of [{ key: ']', ctrl: true, at: 0 }, GS]) {
      const code = run([...start, { key: 'Control', at: 0 }, separator, ...'17270331'], 8) ?? ''
      expect(readGs1(code, 2026)).toMatchObject({ gtin: '06901234567892', batch: 'L7', expiry: '2027-03-31', problems: [] })
    }
  })

  it('may press Shift before each capital', () => {
    expect(run([']', 'Shift', 'C', '1', ...'10AB', 'Shift', 'C'], 8)).toBe(']C110ABC')
  })
})

describe('on a screen', () => {
  let heard: Scan[]
  let stop: () => void
  let at = 0

  beforeEach(() => {
    heard = []
    stop = listenToWedge(window, (scan) => heard.push(scan))
    at += 10_000
  })
  afterEach(() => {
    stop()
    document.body.innerHTML = ''
  })

  /** Presses as a keyboard does: heard first, then typed into the field that has the focus. Answers the keys that were taken. */
  function press(keys: string, gap: number, end = 'Enter', more: KeyboardEventInit = {}): string[] {
    const taken: string[] = []
    for (const key of [...keys, end]) {
      const target = document.activeElement ?? document.body
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
      Object.defineProperty(event, 'timeStamp', { value: (at += gap) })
      target.dispatchEvent(event)
      if (event.defaultPrevented) taken.push(key)
      else if (target instanceof HTMLInputElement && key.length === 1) target.value += key
    }
    return taken
  }

  function focus(markup: string): HTMLInputElement {
    document.body.innerHTML = markup
    const field = document.body.firstElementChild as HTMLInputElement
    field.focus()
    return field
  }

  it('is heard where nothing has the focus; of its keys only the end is taken', () => {
    expect(press(EAN, 8)).toEqual(['Enter'])
    expect(heard).toEqual([{ text: EAN, source: 'wedge' }])
  })

  it('is heard over a button, and presses nothing', () => {
    focus('<button>ok</button>')
    expect(press('SN 4711 X', 8)).toEqual([' ', ' ', 'Enter'].slice(1))
    expect(heard).toHaveLength(1)
  })

  it('leaves a field what is typed into it', () => {
    const field = focus('<input type="text">')
    expect(press(EAN, 8)).toEqual([])
    expect(field.value).toBe(EAN)
    expect(heard).toEqual([])
  })

  it('is taken from a field that gives its scans away, which shows again what it showed', () => {
    const field = focus('<input type="search" data-wedge>')
    let shown = ''
    field.addEventListener('input', () => (shown = field.value))
    field.value = 'tea'
    at += 5_000
    expect(press(EAN, 8)).toEqual(['Enter'])
    expect(heard).toHaveLength(1)
    expect([field.value, shown]).toEqual(['tea', 'tea'])
  })

  it('takes nothing from a hand', () => {
    const field = focus('<input type="search" data-wedge>')
    expect(press('tractor oil', 110)).toEqual([])
    expect(press('tractor oil', 60)).toEqual([])
    expect(field.value).toBe('tractor oiltractor oil')
    field.blur()
    expect(press(EAN, 8, 'Enter', { altKey: true })).toEqual([])
    expect(press('aaaaaaaaaaaa', 30, 'Enter', { repeat: true })).toEqual([])
    expect(heard).toEqual([])
  })

  it('stops', () => {
    stop()
    expect(press(EAN, 8)).toEqual([])
  })
})
