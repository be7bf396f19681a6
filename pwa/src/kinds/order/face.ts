/** The order, as far as the local store must know it. */
import type { JsonObject, RowFields } from '../../store/types'
import type { KindFace } from '../face'

interface Line {
  quantity?: string
  price?: number
  discount_bp?: number
}

/** Thousandths: quantities are decimals of at most three places. */
function thousandths(quantity: string): bigint {
  const [whole = '0', part = ''] = quantity.split('.')
  return BigInt(whole) * 1000n + BigInt(part.padEnd(3, '0').slice(0, 3) || '0')
}

/** Minor units before tax, rounded half up once a line, as the server does. */
function lineTotal(line: Line): number {
  const amount = thousandths(line.quantity ?? '0') * BigInt(line.price ?? 0) * BigInt(10_000 - (line.discount_bp ?? 0))
  return Number((amount + 5_000_000n) / 10_000_000n)
}

function row(content: JsonObject): RowFields {
  const lines = Object.values((content.lines ?? {}) as Record<string, Line>)
  const text = (name: string): string | null => (typeof content[name] === 'string' ? (content[name] as string) : null)
  return {
    number: text('number'),
    title: text('dealer'),
    total: lines.reduce((sum, line) => sum + lineTotal(line), 0),
    currency: text('currency'),
    at: text('captured_at') ?? text('created_at'),
    stage: text('stage'),
    wanted_date: text('wanted_date'),
    lines: lines.length
  }
}

export const face: KindFace = { name: 'order', schema: 1, prose: ['note'], numbered: 'number', row }
