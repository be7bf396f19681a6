/** The filters of the list of any kind. They live in the address, so that a view can be kept, sent and gone back to. */
import type { LocationQuery } from 'vue-router'
import { VERDICTS, type Verdict } from '../generated/reasons'

export interface DocumentFilters {
  verdict: Verdict | null
  stage: string | null
  dealer: string | null
  text: string
  needs: boolean
  /** Received in the last so many days; 0: ever. */
  days: number
}

export const UNFILTERED: DocumentFilters = { verdict: null, stage: null, dealer: null, text: '', needs: false, days: 0 }

/** By what a kind's list can be narrowed, beside words, dealer, decision and what waits for somebody. */
export interface Narrowing {
  /** Offered always and in this order; left out: those verdicts of which there are some. */
  verdicts?: readonly Verdict[]
  stages: readonly string[]
  /** Received in the last so many days. */
  spans: readonly number[]
}

const ANY: Narrowing = { stages: [], spans: [1, 7, 30, 90, 365] }
const OWN: Record<string, Narrowing> = {
  order: {
    verdicts: ['held', 'accepted', 'in_part', 'refused', 'withdrawn', 'closed', 'draft'], stages: ['submitted', 'draft', 'withdrawn'], spans: []
  }
}
export const narrowingOf = (kind: string): Narrowing => OWN[kind] ?? ANY

const one = (value: LocationQuery[string] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? ''

export function readFilters(kind: string, query: LocationQuery): DocumentFilters {
  const { stages, spans } = narrowingOf(kind)
  return {
    verdict: VERDICTS.find((verdict) => verdict === one(query.verdict)) ?? null,
    stage: stages.find((stage) => stage === one(query.stage)) ?? null,
    dealer: one(query.dealer) || null,
    text: one(query.q),
    needs: one(query.needs) === '1',
    days: spans.find((days) => String(days) === one(query.days)) ?? 0
  }
}

/** Only what is set, so that the plain list has a plain address. */
export function writeFilters({ verdict, stage, dealer, text, needs, days }: DocumentFilters): Record<string, string> {
  return written({ verdict: verdict ?? '', stage: stage ?? '', dealer: dealer ?? '', q: text, needs: needs ? '1' : '', days: days ? String(days) : '' })
}

export const isFiltered = (filters: DocumentFilters): boolean => Object.keys(writeFilters(filters)).length > 0

/** A query's words by name, each empty where it is not there: for screens whose filters are plain words. */
export function wordsOf<Name extends string>(query: LocationQuery, names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, one(query[name])])) as Record<Name, string>
}

export const written = (words: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(words).filter(([, word]) => word.trim()).map(([name, word]) => [name, word.trim()]))
