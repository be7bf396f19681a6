/** What a person may do to a count, as edits of its document. A tally is one small change, named by a code (`stock_count.changes.*`). */
import type { StockCount, Tally } from '../../generated/stock_count'
import type { Edit, Json, JsonObject } from '../../store'
import { formatQuantity, parseQuantity, THOUSANDTHS } from '../quantity'
import type { CountSheet, Spot } from './sheet'

export interface NewCount {
  location: string
  extent: 'whole' | 'list'
  blind: boolean
  products: readonly string[]
  answers: string | null
}

export interface Counter {
  /** 16 hex digits: tallies are the device's that writes them. */
  device: string
  by: string
}

export interface TallyChange {
  key: string
  tally: Tally
  what: 'tally_added' | 'tally'
  edits: Edit[]
}

const iso = (at: number): string => new Date(at).toISOString()

/** The whole of a count at its beginning. The map of tallies is made here, once: made later, by two devices at once, one would be lost. */
export function begun({ location, extent, blind, products, answers }: NewCount, at: number): JsonObject {
  const made: Omit<StockCount, 'kind' | 'schema' | 'number'> = {
    location, extent, blind, answers, stage: 'open', complete: false, created_at: iso(at), note: '',
    products: Object.fromEntries(products.map((product) => [product, true])), tallies: {}
  }
  return JSON.parse(JSON.stringify(made)) as JsonObject
}

export function newTallyKey(device: string): string {
  return `${device}.${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
}

/** The device's own tally at that spot is set to a quantity (thousandths), or begun with it. */
export function setTally(sheet: CountSheet, who: Counter, spot: Spot, quantity: bigint, at: number): TallyChange {
  const key = sheet.keyAt(who.device, spot)
  const before = key === null ? undefined : sheet.tallies.get(key)
  const tally: Tally = { ...spot, quantity: formatQuantity(quantity < 0n ? 0n : quantity), by: who.by, counted_at: iso(at) }
  if (key === null || !before) {
    const fresh = newTallyKey(who.device)
    return { key: fresh, tally, what: 'tally_added', edits: [{ op: 'set', path: `tallies/${fresh}`, value: tally as unknown as Json }] }
  }
  const fields = (['quantity', 'by', 'counted_at'] as const).filter((field) => before[field] !== tally[field])
  return { key, tally, what: 'tally', edits: fields.map((field) => ({ op: 'set', path: `tallies/${key}/${field}`, value: tally[field] as string })) }
}

/** One more; a serial number is one piece, however often it is scanned. */
export function addOne(sheet: CountSheet, who: Counter, spot: Spot, at: number, amount = THOUSANDTHS): TallyChange {
  const key = sheet.keyAt(who.device, spot)
  const before = key === null ? 0n : (parseQuantity(sheet.tallies.get(key)?.quantity ?? '0') ?? 0n)
  return setTally(sheet, who, spot, spot.serial ? THOUSANDTHS : before + amount, at)
}

/** The end. `absent`: products of which the person says that they are not there; each is a tally of nothing. */
export function close(sheet: CountSheet, who: Counter, absent: readonly string[], at: number): Edit[] {
  const edits: Edit[] = absent.flatMap((product) => setTally(sheet, who, { product, place: '', batch: '', serial: '' }, 0n, at).edits)
  if (absent.length) edits.push({ op: 'set', path: 'complete', value: true })
  return [...edits, { op: 'set', path: 'stage', value: 'closed' }]
}

export function setStage(stage: 'open' | 'cancelled'): Edit[] {
  return [{ op: 'set', path: 'stage', value: stage }]
}
