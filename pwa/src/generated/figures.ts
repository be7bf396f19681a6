// Made by `daybook schemas` from server/domain: change it there.

export interface ReceiptLineFigures {
  product: string
  unit: string
  shipped: string
  received: string
  damaged: string
  short: string
  surplus: string
  /** Headquarters has not settled what differs. */
  open: boolean
}

export interface ReturnLineFigures {
  product: string
  unit: string
  quantity: string
  net: number
  tax: number
  /** By headquarters, what was scrapped included. */
  received?: string
}

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

export interface SaleLineFigures {
  net: number
  tax: number
  total: number
  until?: string | null
}

export interface WarrantyCover {
  state: "in_warranty" | "out_of_warranty" | "no_policy" | "unknown_machine"
  until: string | null
}

export interface CountDifference {
  counted: string
  /** What the book said for the moment of the count. */
  book: string
  difference: string
  /** Of the difference; null: the product has no price. */
  value: number | null
  /** When it was counted, UTC milliseconds by the server's clock. */
  at: number
  state: "posted" | "held" | "recount" | "answered"
}

export interface GoodsReceiptFigures {
  /** Its number. */
  shipment: string
  order?: string | null
  /** By the shipment's line, or `extra:<product>`. */
  lines?: Record<string, ReceiptLineFigures>
  open?: number
  credited?: number
  currency?: string | null
}

export interface GoodsReturnFigures {
  /** The number of the sale or shipment. */
  source: string
  currency?: string | null
  net?: number
  tax?: number
  total?: number
  refunded?: number
  credited?: number
  /** Headquarters has not received or rejected all of it. */
  waits?: boolean
  lines?: Record<string, ReturnLineFigures>
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

export interface SaleFigures {
  currency: string
  net: number
  tax: number
  total: number
  paid: number
  due: number
  at: number
  lines: Record<string, SaleLineFigures>
}

/** Moments are UTC milliseconds. */
export interface RequestFigures {
  number: string
  state: "open" | "assigned" | "under_way" | "waiting" | "fixed" | "closed"
  technician: string | null
  technician_name: string
  planned_on: string | null
  opened_at: number
  responded_at: number | null
  fixed_at: number | null
  respond_due: number | null
  /** None: nothing is promised, or the clock stands still. */
  fix_due: number | null
  respond: "open" | "met" | "late"
  fix: "open" | "met" | "late"
  waiting_for: string | null
  paused_since: number | null
  /** Working time in pauses that are over. */
  paused_minutes: number
  /** Ids of the visits, in the order in which somebody came. */
  visits: string[]
}

/** `at`: UTC milliseconds. */
export interface VisitFigures {
  at: number
  machine: string | null
  parts: Record<string, WarrantyCover>
  labour: WarrantyCover
  signature: "none" | "valid" | "outdated"
}

/** Empty while nothing is decided. */
export interface StockCountFigures {
  location?: string
  /** Products that were counted. */
  counted?: number
  /** Products of which the count and the book agree. */
  confirmed?: string[]
  differences?: Record<string, CountDifference>
  /** Of the differences that are posted. */
  value?: number
  currency?: string | null
  /** A larger difference of one product is held; null: none is. */
  max_value?: number | null
}
