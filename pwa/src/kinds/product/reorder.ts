/** What is to be ordered so that a location does not run out: as server/domain/reorder.py, on the same cases. */
import type { Product, StockPolicy } from '../../generated/records'
import { parseQuantity } from '../quantity'
import { grainOf } from './product'

export interface Proposal {
  /** Thousandths of the base unit. */
  projected: bigint
  /** 0: there will be enough. */
  quantity: bigint
}

type Levels = Pick<StockPolicy, 'reorder_level' | 'reorder_quantity' | 'on_order'>

/** `ordered`: what is on its way besides the policy's `on_order`. */
export function propose(
  onHand: bigint,
  reserved: bigint,
  ordered: bigint,
  policy: Levels | null | undefined,
  product: Pick<Product, 'step' | 'pack' | 'withdrawn'>
): Proposal {
  const projected = onHand - reserved + ordered + (parseQuantity(policy?.on_order ?? '0') ?? 0n)
  const level = policy?.reorder_level == null ? null : parseQuantity(policy.reorder_level)
  if (level === null || product.withdrawn || projected > level) return { projected, quantity: 0n }
  const least = parseQuantity(policy?.reorder_quantity ?? '0') ?? 0n
  const wanted = least > level - projected + 1n ? least : level - projected + 1n
  const { both } = grainOf(product as Product)
  return { projected, quantity: ((wanted + both - 1n) / both) * both }
}
