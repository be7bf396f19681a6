// Made by `daybook schemas` from server/domain: change it there.

export interface OrderApprove {
  note?: string
  /** True: the captured prices hold; false: the server's. */
  accept_prices?: boolean
}

export interface OrderReject {
  reason: string
}

export interface OrderShip {
  /** Line id -> quantity in the line's unit. */
  lines: Record<string, string>
  carrier?: string
  tracking?: string
  /** The day it left, if not today; no later than today. */
  shipped_on?: string | null
}

export interface OrderDeliver {
  /** Its id or its number. */
  shipment: string
}

export interface OrderInvoice {
  /** Ids or numbers; left out: all that are not invoiced yet. */
  shipments?: string[] | null
}

export interface OrderResolveCase {
  note?: string
  /** True: the order goes on as it was edited; false: as it was agreed. */
  accept?: boolean
}

export interface PaymentRecord {
  kind?: "payment"
  schema?: 1
  dealer: string
  /** Minor units. */
  amount: number
  currency: string
  method?: "transfer" | "cash" | "card" | "cheque" | "other"
  /** As the bank names it. */
  reference?: string
  received_on: string
}

export interface PaymentReverse {
  reason: string
}

export interface StockReceiptRecord {
  kind?: "stock_receipt"
  schema?: 1
  warehouse?: string
  /** Product -> quantity in its base unit; below zero corrects downwards. */
  lines: Record<string, string>
  /** Product -> what its whole quantity cost, minor units; unknown: as the others. */
  costs?: Record<string, number>
  reference?: string
  received_on?: string | null
}

export interface StockReceiptReverse {
  reason: string
}

/** `<kind>.<command>` → the roles that may give it. */
export const COMMAND_ROLES = {
  "order.approve": ["administrator", "finance", "sales"],
  "order.reject": ["administrator", "finance", "sales"],
  "order.ship": ["administrator", "sales"],
  "order.deliver": ["administrator", "sales"],
  "order.invoice": ["administrator", "finance"],
  "order.resolve_case": ["administrator", "finance", "sales"],
  "payment.record": ["administrator", "finance"],
  "payment.reverse": ["administrator", "finance"],
  "stock_receipt.record": ["administrator", "sales"],
  "stock_receipt.reverse": ["administrator", "sales"],
} as const
