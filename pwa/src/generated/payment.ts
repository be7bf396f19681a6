// Made by `daybook schemas` from server/domain: change it there.

export interface Payment {
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
