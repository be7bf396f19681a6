import { describe, expect, it } from 'vitest'
import { COMMAND_REFUSALS, NOTICES, REASONS } from '../generated/reasons'

type Tree = { [key: string]: string | Tree }
const files = import.meta.glob<Tree>('./*.json', { import: 'default', eager: true })
/** What each kind's folder adds: its screens' words, and its codes. */
const ofKinds = import.meta.glob<Tree>('../kinds/*/words.*.json', { import: 'default', eager: true })
const added = (area: string, locale: string): Tree =>
  Object.assign({}, ...Object.entries(ofKinds).map(([name, words]) => (name.endsWith(`.${locale}.json`) ? (words[area] ?? {}) : {}))) as Tree
const areas = [...new Set(Object.keys(files).map((name) => name.replace(/^\.\/(.+)\.[^.]+\.json$/, '$1')))]
const of = (area: string, locale: string): Tree => {
  const found = files[`./${area}.${locale}.json`]
  if (!found) throw new Error(`${area} has no words in ${locale}`)
  return found
}

function flat(tree: Tree, path = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(path + key, value)
    else for (const [inner, text] of flat(value, `${path}${key}.`)) all.set(inner, text)
  }
  return all
}

const places = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort()

describe.each(areas)('words of %s', (area) => {
  const zh = flat(of(area, 'zh-CN'))
  const en = flat(of(area, 'en'))

  it('say the same things in both languages', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
  })

  it('are not empty, and are Chinese where they are Chinese', () => {
    for (const [key, text] of [...zh, ...en]) expect(text.trim(), key).not.toBe('')
    const untranslated = [...zh].filter(([key, text]) => text === en.get(key) && /[a-z]{4,}/i.test(text.replace(/\{\w+\}/g, '')))
    expect(untranslated.map(([key]) => key).filter((key) => !['languages.en', 'daybook'].includes(key))).toEqual([])
  })

  it('name the same figures, but for a count that Chinese or English leaves out', () => {
    for (const [key, text] of zh) {
      const other = places(en.get(key) ?? '')
      expect(places(text).filter((name) => name !== 'count'), key).toEqual(other.filter((name) => name !== 'count'))
    }
  })
})

it.each([
  ['reasons', REASONS],
  ['notices', NOTICES]
])('every code of %s has its words, and no word names a figure that the code has not', (area, codes: Record<string, Record<string, string>>) => {
  const words = flat({ ...of(area, 'en'), ...added(area, 'en') })
  for (const [code, params] of Object.entries(codes))
    for (const name of places(words.get(code) ?? '')) expect(Object.keys(params), code).toContain(name)
  // A kind may say the refusals of its commands among its reasons: headquarters reads both.
  const known = new Set([...Object.keys(codes), ...Object.keys(COMMAND_REFUSALS), 'unknown'])
  expect([...words.keys()].filter((code) => !known.has(code))).toEqual([])
  expect(Object.keys(codes).filter((code) => !words.has(code))).toEqual([])
})
