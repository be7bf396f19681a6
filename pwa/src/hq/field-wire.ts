/** What headquarters' server answers about the field: documents of any kind, stock by location, the service board, thresholds. */
import type { Names, StockPolicy } from '../generated/records'
import type { DocumentRow, Reason, Verdict, When } from './wire'

interface About {
  document: string
  kind: string
  number: string | null
  title: string | null
  dealer: string | null
  at: When
}

export interface Consequences {
  decisions: (About & { verdict: Verdict; verdict_before: Verdict | null; reasons: Reason[] })[]
  values: (About & { owner: string; product: string; name: Names | null; amount: number; currency: string })[]
}

export interface StockPlace {
  location: string
  name: string | null
  owner: string
  products: number
  below: number
  low: number
  high: number
}

export interface Places {
  locations: StockPlace[]
  owners: { owner: string; name: string | null; value: number; currency: string }[]
}

export type Level = 'below' | 'low' | 'ok' | 'high'

export interface PlaceLine {
  location: string
  location_name: string | null
  owner: string
  product: string
  name: Names | null
  unit: string | null
  on_hand: string
  reserved: string
  available: string
  low: string | null
  high: string | null
  level: Level
  /** Minor units; null: it cannot be said. */
  value: number | null
  /** The owner has goods elsewhere too: the value is parted by quantity. */
  shared: boolean
  currency: string
}

export interface Movement {
  happened_at: number
  recorded_at: number
  amount: string
  balance: string
  set: string
  cause: string
  document: string
  kind: string
  number: string | null
  title: string | null
  dealer: string | null
  dealer_name: string | null
  received_at: number
}

export interface Movements {
  location: string
  location_name: string | null
  product: string
  name: Names | null
  unit: string | null
  rows: Movement[]
  next: string | null
}

export interface Clock {
  what: 'respond' | 'fix'
  due: number | null
  /** Working minutes that are left; below zero: so late. */
  minutes: number | null
  /** It waits for something: the clock does not run. */
  stands: boolean
  late: boolean
}

export type RequestState = 'open' | 'assigned' | 'under_way' | 'waiting' | 'fixed' | 'closed'

export interface RequestRow extends DocumentRow {
  state: RequestState
  urgency: 'low' | 'normal' | 'high' | 'down'
  technician: string | null
  technician_name: string
  planned_on: string | null
  fault: string
  waiting_for: string | null
  sla: Clock | null
}

export interface Technician {
  id: string
  name: string
  dealers: string[]
  open: number
}

export interface Board {
  rows: RequestRow[]
  counts: Partial<Record<RequestState, number>>
  technicians: Technician[]
  cut: boolean
  now: number
}

export interface Alike extends DocumentRow {
  content: Record<string, unknown>
  alike: string[]
}

export interface Duplicates {
  groups: Alike[][]
  waiting: number
}

export interface PolicyRow extends StockPolicy {
  name: Names | null
  unit: string | null
  location_name: string | null
  version: number
}

export interface Closing {
  until: number
  closed_at: number
  by: string
  by_name: string | null
}

export interface PeriodList {
  closings: Closing[]
  behind: { silent: number; held: number } | null
}
