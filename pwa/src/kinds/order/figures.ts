/** The figures of an order's decision. */
import type { OrderFigures } from '../../generated/figures'
import type { Decision } from '../../store'

/** Null where a decision has none (a refusal before the lines were weighed). */
export function readFigures(decision: Decision | null): OrderFigures | null {
  const figures = decision?.figures as unknown as Partial<OrderFigures> | undefined
  return figures && typeof figures.total === 'number' && figures.lines ? (figures as OrderFigures) : null
}
