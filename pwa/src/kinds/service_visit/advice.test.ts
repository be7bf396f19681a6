import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Product, WarrantyPolicy, WarrantyRecord } from '../../generated/records'
import type { ServiceVisit } from '../../generated/service_visit'
import { normalName } from '../namesakes'
import { advise, lastDay, warrantyKey, type Advised, type Known, type KnownMachine } from './advice'
import { signedHash, signedText } from './signing'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Fields = { [key: string]: Json }

interface Case {
  says: string
  advice?: boolean
  document?: Fields
  records?: Fields
  expect: { reasons?: Advised[]; figures?: { signature?: string; parts?: Record<string, unknown>; labour?: unknown } }
}

const folder = new URL('../../../../schemas/cases/service_visit/', import.meta.url)
const read = <Value>(name: string): Value => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Value
const base = read<{ records: Fields; document: Fields }>('base.json')
const cases = readdirSync(folder)
  .filter((name) => name !== 'base.json')
  .map((name) => ({ name, ...read<Case>(name) }))
  .filter((each) => each.advice)

/** A JSON merge patch (RFC 7386): null takes out. */
function patched(target: Json, patch: Json): Json {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result: Fields = target !== null && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = patched(result[key] ?? null, value)
  }
  return result
}

function knownOf(records: Fields, visit: ServiceVisit): Known {
  const record = <Body>(kind: string, key: string) => records[`${kind}/${key}`] as unknown as Body | undefined
  const bySerial = Object.entries(records).find(([key]) => key.startsWith(`machine_serial/${visit.dealer}/${normalName(visit.serial ?? '')}/`))?.[1]
  return {
    machine: (visit.machine ? record<KnownMachine>('machine', visit.machine) : (bySerial as unknown as KnownMachine | undefined)) ?? null,
    warranty: (dealer, serial) => record<WarrantyRecord>('warranty', warrantyKey(dealer, serial)),
    product: (id) => record<Product>('product', id),
    policy: (id) => record<WarrantyPolicy>('warranty_policy', id)
  }
}

describe('the advice says what the server decides', () => {
  it('has cases to run', () => expect(cases.length).toBeGreaterThan(10))

  it.each(cases)('[V6] $name: $says', async ({ document = {}, records = {}, expect: expected }) => {
    const visit = patched(base.document, document) as unknown as ServiceVisit
    const advice = advise(visit, knownOf(patched(base.records, records) as Fields, visit))
    const reasons = expected.reasons?.filter(({ code }) => code !== 'signature_outdated')
    if (reasons) expect(advice.reasons).toEqual(reasons)
    if (expected.figures?.parts) expect(advice.parts).toEqual(expected.figures.parts)
    if (expected.figures?.labour) expect(advice.labour).toEqual(expected.figures.labour)
    if (visit.signature) expect((await signedHash(visit)) === visit.signature.signed_hash ? 'valid' : 'outdated').toBe(expected.figures?.signature)
  })
})

describe('what is signed', () => {
  it('[V9] is a text that people can read', () => {
    const text = signedText({ ...(base.document as unknown as ServiceVisit), diagnosis: 'a\nb\\c' })
    expect(text).toContain('diagnosis: a\\nb\\\\c\n')
    expect(text).toContain('ended_at: 2026-03-03T08:30:00.000Z\n')
    expect(text.endsWith('part p1: 1 pcs pump\n')).toBe(true)
  })
})

describe('days of warranty', () => {
  it.each([
    ['2025-04-10', 18, '2026-10-09'],
    ['2024-01-31', 1, '2024-02-28'],
    ['2025-12-31', 2, '2026-02-27'],
    ['2026-03-01', 0, '2026-02-28']
  ])('%s and %i months end on %s', (since, months, last) => expect(lastDay(since, months)).toBe(last))

  it('names the record of a serial number as the server does', () => expect(warrantyKey('alfki', " A/1 (b)'*! ")).toBe('alfki/A%2F1%20%28b%29%27%2A%21'))
})
