/** The filters of a list of documents of any kind, in the address. */
import type { LocationQuery } from 'vue-router'
import { VERDICTS, type Verdict } from '../generated/reasons'

export const spans = [1, 7, 30, 90, 365] as const

export interface DocumentFilters {
  verdict: Verdict | null
  dealer: string | null
  text: string
  needs: boolean
  /** Received in the last so many days; 0: ever. */
  days: number
}

const one = (value: LocationQuery[string] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? ''

export function readDocumentFilters(query: LocationQuery): DocumentFilters {
  return {
    verdict: VERDICTS.find((verdict) => verdict === one(query.verdict)) ?? null,
    dealer: one(query.dealer) || null,
    text: one(query.q),
    needs: one(query.needs) === '1',
    days: spans.find((days) => String(days) === one(query.days)) ?? 0
  }
}

/** Only what is set, so that the plain list has a plain address. */
export function writeDocumentFilters(filters: DocumentFilters): Record<string, string> {
  const query: Record<string, string> = {}
  if (filters.verdict) query.verdict = filters.verdict
  if (filters.dealer) query.dealer = filters.dealer
  if (filters.text.trim()) query.q = filters.text.trim()
  if (filters.needs) query.needs = '1'
  if (filters.days) query.days = String(filters.days)
  return query
}

/** A query's words by name, each empty where it is not there: for screens whose filters are plain words. */
export function wordsOf<Name extends string>(query: LocationQuery, names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, one(query[name])])) as Record<Name, string>
}

export const written = (words: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(words).filter(([, word]) => word.trim()).map(([name, word]) => [name, word.trim()]))
