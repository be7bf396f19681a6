/**
 * The check on this device: what the visit lacks, and what is under warranty, as headquarters will decide it by rules V1, V2, V3 and V6.
 * Both read the cases of schemas/cases/service_visit.
 */
import type { Product, WarrantyPolicy, WarrantyRecord } from '../../generated/records'
import type { ServiceVisit } from '../../generated/service_visit'

export type CoverState = 'in_warranty' | 'out_of_warranty' | 'no_policy' | 'unknown_machine'
export interface Cover {
  state: CoverState
  /** The last day. */
  until: string | null
}

export interface Advised {
  code: string
  params: Record<string, unknown>
  line: string | null
}

/** A machine as its record or its own document on this device has it. */
export interface KnownMachine {
  serial: string
  product: string | null
  installed_at: string | null
}

export interface Known {
  machine: KnownMachine | null
  warranty: (dealer: string, serial: string) => WarrantyRecord | undefined
  product: (id: string) => Product | undefined
  policy: (id: string) => WarrantyPolicy | undefined
}

export interface Advice {
  reasons: Advised[]
  parts: Record<string, Cover>
  labour: Cover
}

interface Base {
  state: CoverState
  product: string
  since: string
  parts: string
  labour: string
}

/** The key of the record `warranty` (`domain/warranty.py`). */
export function warrantyKey(dealer: string, serial: string): string {
  const quoted = encodeURIComponent(serial.trim()).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${dealer}/${quoted}`
}

/** The last day of so many months from a day on: a month from the 31st ends with the shorter month. */
export function lastDay(since: string, months: number): string {
  const [year = 0, month = 1, date = 1] = since.split('-').map(Number)
  const there = year * 12 + month - 1 + months
  const longest = new Date(Date.UTC(Math.floor(there / 12), (there % 12) + 1, 0)).getUTCDate()
  return new Date(Date.UTC(Math.floor(there / 12), there % 12, Math.min(date, longest) - 1)).toISOString().slice(0, 10)
}

function policyOf(product: string, known: Known, general: boolean): WarrantyPolicy | undefined {
  const category = known.product(product)?.category
  return known.policy(`product:${product}`) ?? (category ? known.policy(`category:${category}`) : undefined) ?? (general ? known.policy('default') : undefined)
}

function baseOf(visit: ServiceVisit, known: Known): Base {
  const none = { product: '', since: '', parts: '', labour: '' }
  for (const serial of [known.machine?.serial ?? '', visit.serial ?? '']) {
    const sale = serial.trim() ? known.warranty(visit.dealer, serial) : undefined
    if (sale) return { state: 'in_warranty', product: sale.product, since: sale.sold_at.slice(0, 10), parts: sale.parts_until, labour: sale.labour_until }
  }
  const { product, installed_at: since } = known.machine ?? { product: null, installed_at: null }
  if (!product || !since) return { state: 'unknown_machine', ...none }
  const policy = policyOf(product, known, true)
  if (!policy) return { state: 'no_policy', ...none, product }
  return {
    state: 'in_warranty', product, since,
    parts: lastDay(since, policy.parts_months ?? policy.months), labour: lastDay(since, policy.labour_months ?? policy.months)
  }
}

function until(last: string, day: string): Cover {
  return { state: day <= last ? 'in_warranty' : 'out_of_warranty', until: last }
}

export function advise(visit: ServiceVisit, known: Known): Advice {
  const times = [visit.arrived_at, visit.started_at, visit.ended_at].filter((each): each is string => !!each)
  const day = new Date(visit.ended_at || times.at(-1) || visit.created_at).toISOString().slice(0, 10)
  const base = baseOf(visit, known)
  const listed = Object.entries(visit.parts ?? {}).sort(([a, one], [b, two]) => one.position - two.position || (a < b ? -1 : 1))
  const parts: Record<string, Cover> = {}
  for (const [id, part] of listed) {
    const own = base.state === 'in_warranty' ? policyOf(part.product, known, false) : undefined
    const last = own ? lastDay(base.since, own.parts_months ?? own.months) : base.parts
    parts[id] = base.state === 'in_warranty' ? until(last, day) : { state: base.state, until: null }
  }
  const labour: Cover = base.state === 'in_warranty' ? until(base.labour, day) : { state: base.state, until: null }
  const reasons: Advised[] = []
  const say = (code: string, params: Record<string, unknown> = {}, line: string | null = null): void => void reasons.push({ code, params, line })
  if (times.some((time, at) => at > 0 && Date.parse(times[at - 1] ?? '') > Date.parse(time))) say('visit_times_disordered')
  if (!known.machine && !visit.machine && !(visit.serial ?? '').trim()) say('visit_without_machine')
  if (!visit.outcome) say('visit_without_outcome')
  if (!listed.length && !visit.labour_minutes) return { reasons, parts, labour }
  if (base.state === 'unknown_machine') say('warranty_unknown_machine', { serial: visit.serial ?? '' })
  else if (base.state === 'no_policy') say('warranty_no_policy', { product: base.product })
  else {
    for (const [id, part] of listed) say(`part_${parts[id]?.state}`, { product: part.product, until: parts[id]?.until }, id)
    if (visit.labour_minutes) say(`labour_${labour.state}`, { until: labour.until })
  }
  return { reasons, parts, labour }
}
