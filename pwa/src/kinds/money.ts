/** Money as the server computes it (server/domain/money.py): integers of minor units, rounded half-up in one place. */
import { THOUSANDTHS } from './quantity'

const BASIS_POINTS = 10_000n

/** To the nearest integer, halves away from zero. The denominator is positive. */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n ? -1n : 1n
  return sign * ((2n * (numerator * sign) + denominator) / (2n * denominator))
}

/** Minor units for a quantity in thousandths at a price per unit, less a discount in basis points; rounded once. */
export function lineAmount(price: bigint, quantity: bigint, discountBp = 0): bigint {
  return roundHalfUp(price * quantity * (BASIS_POINTS - BigInt(discountBp)), THOUSANDTHS * BASIS_POINTS)
}

/** The tax on a net amount in minor units, at a rate in basis points. */
export function taxAmount(net: bigint, rateBp: number): bigint {
  return roundHalfUp(net * BigInt(rateBp), BASIS_POINTS)
}
