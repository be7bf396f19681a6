// Made by `daybook schemas` from server/domain: change it there.

/** What one device counted of one product, at one place and of one batch. Only that device writes it again. */
export interface Tally {
  product: string
  /** In the product's base unit. */
  quantity: string
  /** Shelf or room, as people call it. */
  place?: string
  batch?: string
  serial?: string
  /** Who counted, by name. */
  by?: string
  /** When it was last counted on, by the device's clock. */
  counted_at: string
}

/** `tallies` is one flat map that comes into being with the document: maps by product would be made by two devices at once, and one of the two would be lost to sight. Its keys are `<device>.<anything>`. */
export interface StockCount {
  kind: "stock_count"
  schema: 1
  /** Readable, unique offline: the device's short code, a dash, a counter. */
  number: string
  location: string
  stage?: "open" | "closed" | "cancelled"
  /** All that is there, or the products of a list. */
  extent?: "whole" | "list"
  /** Counted without the book's figures in sight. */
  blind?: boolean
  /** Said at the end: what was not counted is not there. The app then counts it as nothing. */
  complete?: boolean
  /** By the device's clock. */
  created_at: string
  /** The number of the count that headquarters asked anew. */
  answers?: string | null
  /** Prose: collaborative text. */
  note?: string
  /** Of a list: product -> true. */
  products?: Record<string, boolean>
  tallies?: Record<string, Tally>
}
