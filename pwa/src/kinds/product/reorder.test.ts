import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Product, StockPolicy } from '../../generated/records'
import { formatQuantity, parseQuantity } from '../quantity'
import { propose } from './reorder'

interface Case {
  says: string
  on_hand: string
  reserved: string
  ordered: string
  policy: StockPolicy | null
  product: Product
  expect: { projected: string; quantity: string }
}

const folder = new URL('../../../../schemas/cases/reorder/', import.meta.url)
const cases = readdirSync(folder).map((name) => ({ name, ...(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case) }))

describe('reorder proposals', () => {
  it.each(cases)('$name: $says', (one) => {
    const [onHand = 0n, reserved = 0n, ordered = 0n] = [one.on_hand, one.reserved, one.ordered].map((text) => parseQuantity(text) ?? 0n)
    const made = propose(onHand, reserved, ordered, one.policy, one.product)
    expect({ projected: formatQuantity(made.projected), quantity: formatQuantity(made.quantity) }).toEqual(one.expect)
  })
})
