/** The stock count, as far as the local store must know it. */
import type { JsonObject, RowFields } from '../../store/types'
import type { KindFace } from '../face'

/** What headquarters alone can say (value, recount) stays as it last said. */
function row(content: JsonObject): RowFields {
  const text = (name: string): string | null => (typeof content[name] === 'string' ? (content[name] as string) : null)
  const tallies = Object.values((content.tallies ?? {}) as Record<string, { product?: string }>)
  const location = text('location') ?? ''
  return {
    number: text('number'),
    title: location,
    dealer: location.startsWith('dealer:') ? (location.split(':')[1] ?? null) : null,
    total: null,
    currency: null,
    at: text('created_at'),
    stage: text('stage'),
    lines: new Set(tallies.map((tally) => tally.product)).size,
    extent: text('extent'),
    blind: content.blind === true
  }
}

export const face: KindFace = { name: 'stock_count', schema: 1, prose: ['note'], numbered: 'number', row }
