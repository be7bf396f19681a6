/** The order in which requests want somebody: what stands still and what is due first. No Vue. */
import type { Row } from '../../store/types'

export interface Due {
  what: 'respond_by' | 'fix_by'
  at: number
  late: boolean
}

const RANK: Record<string, number> = { down: 0, high: 1, normal: 2, low: 3 }
const FAR = Number.MAX_SAFE_INTEGER

/** What headquarters last said; until then what the device knows. */
export function stateOf(row: Row): string {
  const { stage, state } = row.fields as { stage?: string; state?: string }
  if (stage === 'draft') return 'draft'
  if (stage === 'withdrawn' && row.verdict === 'withdrawn') return 'withdrawn'
  return state ?? 'open'
}

export function isOver(row: Row): boolean {
  return ['fixed', 'closed', 'withdrawn'].includes(stateOf(row))
}

/** What is due next; null where nothing is promised, or nothing is left to do. */
export function dueOf(row: Row, now: number): Due | null {
  if (isOver(row)) return null
  const { respond, respond_due, fix_due } = row.fields as { respond?: string; respond_due?: number | null; fix_due?: number | null }
  if (respond === 'open' && typeof respond_due === 'number') return { what: 'respond_by', at: respond_due, late: now > respond_due }
  return typeof fix_due === 'number' ? { what: 'fix_by', at: fix_due, late: now > fix_due } : null
}

/** Late ones and those that are due first come first, then by urgency, then the oldest; plans of later days come after. */
export function inTurn(rows: readonly Row[], now: number, today: string): Row[] {
  const place = (row: Row): [number, number, number, string] => {
    const planned = (row.fields['planned_on'] as string | null | undefined) ?? ''
    const due = dueOf(row, now)
    return [planned > today && !due?.late ? 1 : 0, due?.at ?? FAR, RANK[String(row.fields['urgency'])] ?? 2, row.at]
  }
  return [...rows].sort((a, b) => {
    const [one, two] = [place(a), place(b)]
    for (let at = 0; at < 4; at++) if (one[at] !== two[at]) return one[at]! < two[at]! ? -1 : 1
    return a.document < b.document ? -1 : 1
  })
}
