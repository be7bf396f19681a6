/** The questions about the field that screens ask headquarters' server, and the master data that they write. */
import { ask, read, withQuery } from './api'
import type { DocumentFilters } from './filters'
import type { Board, Consequences, Duplicates, Movements, PeriodList, PlaceLine, Places, PolicyRow } from './field-wire'
import type { Page } from './reads'
import type { DocumentPage } from './wire'

const named = (text: string): string => encodeURIComponent(text)

export function readDocuments(kind: string, filters: DocumentFilters, after: string | null, signal?: AbortSignal): Promise<DocumentPage> {
  const { verdict, dealer, text, needs, days } = filters
  return read(withQuery('/hq/documents', { kind, verdict, dealer, q: text, attention: needs ? 1 : null, days: days || null, after }), signal)
}

export const readConsequences = (id: string, signal?: AbortSignal): Promise<Consequences> => read(`/hq/documents/${named(id)}/consequences`, signal)
export const readPlaces = (signal?: AbortSignal): Promise<Places> => read('/hq/stock/locations', signal)

export interface LineFilters {
  location: string
  place: string
  level: string
  product: string
  text: string
}

export function readLines({ location, place, level, product, text }: LineFilters, after: string, signal?: AbortSignal): Promise<Page<PlaceLine>> {
  return read(withQuery('/hq/stock/lines', { location, place, level, product, q: text, after }), signal)
}

export const readMovements = (location: string, product: string, after: string | null, signal?: AbortSignal): Promise<Movements> =>
  read(withQuery('/hq/stock/movements', { location, product, after }), signal)

export type BoardFilters = Record<'state' | 'technician' | 'urgency' | 'dealer' | 'q' | 'late', string>
export const readBoard = (filters: BoardFilters, signal?: AbortSignal): Promise<Board> => read(withQuery('/hq/service', filters), signal)
export const readDuplicates = (kind: string, signal?: AbortSignal): Promise<Duplicates> => read(withQuery('/hq/duplicates', { kind }), signal)

export const readPolicies = (location: string, text: string, after: string, signal?: AbortSignal): Promise<Page<PolicyRow>> =>
  read(withQuery('/hq/policies', { location, q: text, after }), signal)

export interface Thresholds {
  location: string
  product: string
  low: string | null
  high: string | null
  reorder_level: string | null
  reorder_quantity: string | null
  version?: number
}

export interface Edited {
  changed: boolean
  version: number
}

export const putPolicy = (thresholds: Thresholds): Promise<Edited> => ask('PUT', '/hq/policies', thresholds)
export const removePolicy = (location: string, product: string): Promise<Edited> => ask('DELETE', withQuery('/hq/policies', { location, product }))
export const readPeriods = (until: number | null, signal?: AbortSignal): Promise<PeriodList> => read(withQuery('/hq/periods', { until }), signal)
export const closePeriod = (until: number): Promise<Edited> => ask('POST', '/hq/periods', { until })
