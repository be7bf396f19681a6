// Made by `daybook schemas` from server/domain: change it there.

export interface CreditFigures {
  receivable: number
  /** Of the dealer's other orders. */
  open_orders: number
  order: number
  limit: number | null
}

export interface OrderLineFigures {
  /** Only open lines count in the totals. */
  state: "open" | "held" | "refused"
  /** The price that is used. */
  price: number
  net: number
  tax: number
  /** The price that the dealer saw, where the two differ. */
  captured?: number | null
  /** The list's price, given with `captured`; null: it has none. */
  expected?: number | null
  /** Promised from stock, including what has left. */
  allocated?: string | null
  back_ordered?: string | null
  shipped?: string | null
  invoiced?: string | null
}

export interface OrderFigures {
  currency: string
  net: number
  tax: number
  total: number
  lines: Record<string, OrderLineFigures>
  /** The version that priced it. */
  price_list?: string | null
  /** As weighed; not there once goods have left. */
  credit?: CreditFigures | null
  invoiced?: number | null
}
