/** What headquarters' server answers, as the screens read it. Times are UTC milliseconds, or ISO strings where a document holds them. */

import type { Category, Names, Product } from '../generated/records'

export type Verdict = 'draft' | 'accepted' | 'held' | 'refused' | 'withdrawn' | 'in_part' | 'closed'
export type Figures = Record<string, unknown>
export type When = number | string

export interface Person {
  account: string
  name: string
  role: string
  language: string
}

export interface Reason {
  code: string
  params?: Figures
  line?: string | null
  rule?: string
}

/** The list row of a document of any kind: what all have, and the few fields of its own. */
export interface DocumentRow {
  document: string
  kind: string
  dealer: string | null
  dealer_name: string | null
  verdict: Verdict | null
  received_at: When
  updated_at: When
  number?: string | null
  title?: string | null
  total?: number | null
  currency?: string | null
  at?: When | null
  stage?: string | null
  progress?: string | null
  attention?: boolean
  case?: boolean
  reasons?: Reason[]
  figures?: Figures
  [field: string]: unknown
}

export interface DocumentPage {
  rows: DocumentRow[]
  next: string | null
  counts: Record<string, number>
}

export interface Conflict {
  path: string
  values: { value: unknown; actor?: string; op?: string; device_name?: string | null; account_name?: string | null }[]
}

export interface Decision {
  id?: number | string
  verdict: Verdict
  reasons: Reason[]
  figures: Figures
  at: When
  cause?: string | null
}

export interface Change {
  hash: string
  at: When | null
  received_at: When
  device: string | null
  device_name: string | null
  account_name: string | null
  message: string | null
}

export interface Command {
  id: string
  name: string
  params: Figures
  by: string
  by_name: string | null
  at: When
}

export interface LedgerEntry {
  set: string
  ledger: 'stock' | 'lot' | 'money' | 'commitment' | 'value' | 'identity'
  account: string
  item: string
  item_name?: Names | null
  amount: number
  at: When
}

export interface FeedRecord {
  kind: string
  key: string
  body: Figures | null
}

export interface Detail {
  id: string
  kind: string
  scope: string
  content: Figures | null
  row: Figures
  verdict: Verdict | null
  dealer?: string | null
  dealer_name?: string | null
  /** Whose it is, where it is a technician's own. */
  technician_name?: string | null
  conflicts: Conflict[]
  decision: Decision | null
  decisions: Decision[]
  changes: Change[]
  commands: Command[]
  records: FeedRecord[]
  postings: LedgerEntry[]
  /** Names of the products that it speaks of. */
  products: Record<string, Names | null>
  /** Their base units. */
  units?: Record<string, string | null>
  /** The documents that it names. */
  documents?: Record<string, { kind: string; number: string | null; title: string | null }>
}

export interface CommandAnswer {
  document: string
  verdict: Verdict | null
  decision: Decision | null
}

export interface Dealer {
  id: string
  name: string
  tier: string | null
  terms: string | null
  credit_limit: number | null
  currency: string
  receivable: number
  open_orders: number
  devices: number
  last_synced_at: When | null
  documents_held: number
}

export interface AccountEntry {
  at: When
  document: string | null
  number: string | null
  text_code: string
  debit: number
  credit: number
  balance: number
}

export interface Statement {
  dealer: string | { id: string; name: string; currency: string }
  currency?: string
  entries: AccountEntry[]
  receivable: number
  open_orders: number
  limit: number | null
}

export interface Device {
  id: string
  name: string
  account: string | null
  account_name: string | null
  dealer: string | null
  dealer_name: string | null
  created_at: When | null
  last_synced_at: When | null
  revoked_at: When | null
}

export interface Quarantined {
  id: number | string
  device: string
  device_name?: string | null
  account_name?: string | null
  dealer_name?: string | null
  document?: string | null
  code: string
  detail: string
  at: When
}

export interface Attention {
  held: DocumentRow[]
  cases: DocumentRow[]
  quarantine: Quarantined[]
  stale_devices: Device[]
  counts: Record<string, number>
  /** How many documents of each kind wait for somebody. */
  kinds?: Record<string, number>
}

export interface StockLine {
  product: string
  name: Names
  available: string
  reserved: string
  transit: string
  unit: string | null
}

export type { Product } from '../generated/records'

export interface ProductPage {
  rows: Product[]
  next: string | null
  /** All there are, in the company's order. */
  categories: Category[]
}

export interface AuditEntry {
  id: string
  at: When
  /** `sign_in`, or `<kind>.<command>`. */
  what: string
  by: string | null
  by_name: string | null
  subject: string | null
  subject_name: string | null
  address: string | null
  detail: Figures
}

export interface PersonRow {
  account: string
  login: string
  name: string
  role: string
  dealer: string | null
  dealer_name: string | null
  language: string
  active: boolean
  has_password: boolean
  devices: number
  last_synced_at: When | null
}

export interface Enrolment {
  code: string
  link: string
  expires_at: When
}
