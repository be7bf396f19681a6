import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMAND_REFUSALS } from '../generated/reasons'
import deskWords from '../i18n/desk.en.json'
import en from '../i18n/hq.en.json'
import zh from '../i18n/hq.zh-CN.json'

const here = join(import.meta.dirname, '..')

type Tree = { [name: string]: string | Tree }

function leaves(tree: Tree, at = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(at + name, value)
    else for (const [path, text] of leaves(value, `${at}${name}.`)) found.set(path, text)
  }
  return found
}

const english = leaves(en as Tree)
const chinese = leaves(zh as Tree)
const holes = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(vue|ts)$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

describe('the words of headquarters', () => {
  it('are there in both languages, with the same figures', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
    for (const [path, text] of english) expect([path, holes(chinese.get(path) ?? '')]).toEqual([path, holes(text)])
  })

  it('are Chinese in Chinese', () => {
    const plain = [...chinese].filter(([, text]) => /[a-z]/i.test(text.replace(/\{\w+\}|Daybook/g, '')) && !/[\u4e00-\u9fff]/.test(text))
    expect(plain).toEqual([])
  })

  it('have a text for every key that a screen names', () => {
    const used = new Set<string>()
    for (const source of [...sources(join(here, 'hq')), ...sources(join(here, 'views/hq'))]) {
      for (const [, path] of source.matchAll(/['"`]hq\.([\w.-]+)['"`]/g)) used.add(path ?? '')
    }
    const desk = leaves(deskWords as Tree)
    const named = new Set<string>()
    for (const source of [...sources(join(here, 'hq')), ...sources(join(here, 'views/hq'))])
      for (const [, path] of source.matchAll(/['"`]desk\.([\w.-]+)['"`]/g)) named.add(path ?? '')
    expect(named.size).toBeGreaterThan(60)
    expect([...named].filter((path) => !desk.has(path))).toEqual([])
    expect(used.size).toBeGreaterThan(100)
    expect([...used].filter((path) => !english.has(path))).toEqual([])
  })

  it('say every refusal of a command', () => {
    const shared = JSON.parse(readFileSync(join(here, 'i18n/reasons.en.json'), 'utf8')) as Record<string, string>
    const ofKinds = readdirSync(join(here, 'kinds'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('words.en.json'))
    const reasons = Object.assign(shared, ...ofKinds.map((name) => (JSON.parse(readFileSync(join(here, 'kinds', name), 'utf8')) as Tree)['reasons'] ?? {})) as Tree
    for (const file of readdirSync(join(here, 'kinds'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('words.en.json'))) {
      const ofKind = JSON.parse(readFileSync(join(here, 'kinds', file), 'utf8')) as Record<string, Record<string, string>>
      Object.assign(reasons, ofKind.reasons, ofKind.refusals)
    }
    const codes = Object.keys(COMMAND_REFUSALS)
    expect(codes.length).toBeGreaterThan(10)
    expect(codes.filter((code) => !english.has(`refusals.${code}`) && !(code in reasons))).toEqual([])
    for (const [code, figures] of Object.entries(COMMAND_REFUSALS)) {
      const named = holes(english.get(`refusals.${code}`) ?? '').map((hole) => hole.slice(1, -1))
      expect([code, named.filter((name) => !(name in figures))]).toEqual([code, []])
    }
  })
})
