/** The filters of the list of orders. They live in the URL, so that a view can be kept, sent and gone back to. */
import type { LocationQuery } from 'vue-router'
import type { Verdict } from './wire'

export const verdicts = ['held', 'accepted', 'in_part', 'refused', 'withdrawn', 'closed', 'draft'] as const satisfies readonly Verdict[]
export const stages = ['submitted', 'draft', 'withdrawn'] as const

export interface OrderFilters {
  verdict: Verdict | null
  stage: (typeof stages)[number] | null
  dealer: string | null
  text: string
  needs: boolean
}

const one = (value: LocationQuery[string] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? ''

export function readFilters(query: LocationQuery): OrderFilters {
  return {
    verdict: verdicts.find((verdict) => verdict === one(query.verdict)) ?? null,
    stage: stages.find((stage) => stage === one(query.stage)) ?? null,
    dealer: one(query.dealer) || null,
    text: one(query.q),
    needs: one(query.needs) === '1'
  }
}

/** Only what is set, so that the plain list has a plain address. */
export function writeFilters(filters: OrderFilters): Record<string, string> {
  const query: Record<string, string> = {}
  if (filters.verdict) query.verdict = filters.verdict
  if (filters.stage) query.stage = filters.stage
  if (filters.dealer) query.dealer = filters.dealer
  if (filters.text.trim()) query.q = filters.text.trim()
  if (filters.needs) query.needs = '1'
  return query
}

export const isFiltered = (filters: OrderFilters): boolean => Object.keys(writeFilters(filters)).length > 0
