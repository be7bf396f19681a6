/** Every question the screens ask headquarters' server, by name. */
import { ask, read, withQuery } from './api'
import type { DocumentFilters } from './filters'
import type {
  Attention, AuditEntry, Dealer, Detail, Device, DocumentPage, Enrolment, PersonRow, ProductPage, Statement, StockLine
} from './wire'

const PAGE = 100
const named = (text: string): string => encodeURIComponent(text)

/** Some lists come bare, some in a page `{rows, next}`; both are read. */
export interface Page<T> {
  rows: T[]
  next: string | null
}

async function page<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
  const answer = await read<T[] | { rows: T[]; next?: string | number | null }>(path, signal)
  if (Array.isArray(answer)) return { rows: answer, next: null }
  return { rows: answer.rows, next: answer.next == null ? null : String(answer.next) }
}

export function readOrders(filters: DocumentFilters, after: string | null, signal?: AbortSignal, limit = PAGE): Promise<DocumentPage> {
  const { verdict, stage, dealer, text, needs } = filters
  return read(withQuery('/hq/orders', { verdict, stage, dealer, q: text, needs: needs ? 1 : null, after, limit }), signal)
}

export const readDetail = (id: string, signal?: AbortSignal): Promise<Detail> => read(`/hq/documents/${named(id)}`, signal)
export const readDealers = (signal?: AbortSignal): Promise<Page<Dealer>> => page('/hq/dealers', signal)
export const readAccount = (id: string, signal?: AbortSignal): Promise<Statement> => read(`/hq/dealers/${named(id)}/account`, signal)
export const readAttention = (signal?: AbortSignal): Promise<Attention> => read('/hq/attention', signal)
export const readStock = (text: string, signal?: AbortSignal): Promise<Page<StockLine>> => page(withQuery('/hq/stock', { q: text }), signal)
export const readProducts = (text: string, signal?: AbortSignal, category: string | null = null): Promise<ProductPage> =>
  read(withQuery('/hq/products', { q: text, category }), signal)
export const readDevices = (signal?: AbortSignal): Promise<Page<Device>> => page('/hq/devices', signal)
export const readPeople = (signal?: AbortSignal): Promise<Page<PersonRow>> => page('/hq/people', signal)
export const readAudit = (after: string | null, signal?: AbortSignal): Promise<Page<AuditEntry>> => page(withQuery('/hq/audit', { after }), signal)

export const issueEnrolment = (account: string): Promise<Enrolment> => ask('POST', '/access/enrolments', { account })
export const revokeDevice = (id: string): Promise<void> => ask('POST', `/access/devices/${named(id)}/revoke`)

export interface NewPerson {
  login: string
  name: string
  role: string
  dealer: string | null
  password: string
  language: string
}

export const createPerson = (person: NewPerson): Promise<{ account: string }> => ask('POST', '/access/people', person)
export const switchPerson = (account: string, on: boolean): Promise<void> =>
  ask('POST', `/access/people/${named(account)}/${on ? 'on' : 'off'}`)
