/** The order, as far as the local store must know it. */
import type { JsonObject, RowFields } from '../../store/types'
import type { KindFace } from '../face'
import { lineAmount } from '../money'
import { parseQuantity } from '../quantity'

interface Line {
  quantity?: string
  price?: number
  discount_bp?: number
}

/** Minor units before tax, at the price seen. */
function lineTotal(line: Line): bigint {
  return lineAmount(BigInt(line.price ?? 0), parseQuantity(line.quantity ?? '') ?? 0n, line.discount_bp ?? 0)
}

/** The fields that the content alone gives; what headquarters adds (progress, case) stays as it last said. */
function row(content: JsonObject): RowFields {
  const lines = Object.values((content.lines ?? {}) as Record<string, Line>)
  const text = (name: string): string | null => (typeof content[name] === 'string' ? (content[name] as string) : null)
  const shipTo = content.ship_to as { name?: string } | null | undefined
  return {
    number: text('number'),
    title: shipTo?.name || null,
    dealer: text('dealer'),
    total: Number(lines.reduce((sum, line) => sum + lineTotal(line), 0n)),
    currency: text('currency'),
    at: text('captured_at') ?? text('created_at'),
    stage: text('stage'),
    wanted_date: text('wanted_date'),
    lines: lines.length
  }
}

export const face: KindFace = { name: 'order', schema: 1, prose: ['note'], numbered: 'number', row }
