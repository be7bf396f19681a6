/** The figures of an order's decision. */
import type { OrderFigures, OrderLineFigures } from '../../generated/figures'
import type { Line, Order } from '../../generated/order'
import type { Decision } from '../../store'
import { lineAmount } from '../money'
import { formatQuantity, parseQuantity } from '../quantity'

/** The tax of a line is only in the sums. */
export type LineFigures = Omit<OrderLineFigures, 'tax'>
export type Figures = Omit<OrderFigures, 'lines'> & { lines: Record<string, LineFigures> }

/** As they come from the server: what the document or another figure says is left out. */
interface Told extends Partial<Omit<OrderFigures, 'lines'>> {
  lines?: Record<string, LineFigures | null>
}

/**
 * Null where a decision has none (a refusal before the lines were weighed). The server names only lines of which there is more
 * to say than the document does: any other is open, at its own price, and promised whole.
 */
export function readFigures(decision: Decision | null, order: Order | null): Figures | null {
  const told = decision?.figures as unknown as Told | undefined
  if (!told || typeof told.total !== 'number' || !told.lines) return null
  const lines: Record<string, LineFigures> = {}
  for (const [id, line] of Object.entries(order?.lines ?? {})) if (told.lines[id] === undefined) lines[id] = plain(line)
  for (const [id, each] of Object.entries(told.lines)) if (each) lines[id] = each
  const tax = told.tax ?? 0
  return { ...told, currency: told.currency ?? '', total: told.total, tax, net: told.total - tax, lines }
}

function plain(line: Line): LineFigures {
  const quantity = parseQuantity(line.quantity) ?? 0n
  const net = lineAmount(BigInt(line.price), quantity, line.discount_bp ?? 0)
  return { state: 'open', price: line.price, net: Number(net), allocated: formatQuantity(quantity) }
}
