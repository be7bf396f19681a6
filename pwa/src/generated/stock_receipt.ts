// Made by `daybook schemas` from server/domain: change it there.

export interface StockReceipt {
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
