/** The sale, as far as the local store must know it. */
import type { JsonObject, RowFields } from '../../store/types'
import type { KindFace } from '../face'
import { lineAmount } from '../money'
import { parseQuantity } from '../quantity'
import { known, line, sizeOf } from '../read'

interface Line {
  quantity?: string
  price?: number
  discount_bp?: number
  serials?: string[]
}

function row(content: JsonObject): RowFields {
  const lines = Object.values((content.lines ?? {}) as Record<string, Line>)
  const customer = (content.customer ?? {}) as JsonObject
  const total = lines.reduce((sum, each) => sum + lineAmount(BigInt(each.price ?? 0), parseQuantity(each.quantity ?? '') ?? 0n, each.discount_bp ?? 0), 0n)
  return {
    number: known(content, 'number'),
    title: line(customer, 'name') || line(customer, 'phone') || null,
    dealer: known(content, 'dealer'),
    total: Number(total),
    currency: known(content, 'currency'),
    at: known(content, 'captured_at') ?? known(content, 'created_at'),
    stage: known(content, 'stage'),
    lines: sizeOf(content, 'lines'),
    serials: lines.flatMap((each) => each.serials ?? []).join(' ').slice(0, 200)
  }
}

export const face: KindFace = { name: 'sale', schema: 1, prose: ['note'], numbered: 'number', row }
