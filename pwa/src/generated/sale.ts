// Made by `daybook schemas` from server/domain: change it there.

/** A customer who is written down, or what was said of one. */
export interface Customer {
  /** Of a document `customer`. */
  id?: string | null
  name?: string
  phone?: string
  address?: string
}

export interface Line {
  /** Where the line stands; ties go by line id. */
  position?: number
  product: string
  /** In `unit`; an exact decimal. */
  quantity: string
  unit: string
  /** Per `unit`, minor units, with tax, before discount. */
  price: number
  /** Basis points. */
  discount_bp?: number
  serials?: string[]
  batch?: string | null
  note?: string
}

export interface Payment {
  method?: "cash" | "transfer" | "card" | "other"
  /** Minor units. */
  amount: number
}

export interface Signature {
  name: string
  /** SVG path data of the pen. */
  strokes: string
  signed_at: string
  /** SHA-256 of the lines signed for. */
  signed_hash: string
}

/** What is not paid is due from the customer. */
export interface Sale {
  kind: "sale"
  schema: 1
  /** Readable, unique offline: the device's short code, a dash, a counter. */
  number: string
  dealer: string
  currency: string
  stage?: "draft" | "done" | "cancelled"
  /** By the device's clock. */
  created_at: string
  /** When it was sold, by the device's clock. */
  captured_at?: string | null
  /** Where the goods were taken from; empty: `dealer:<dealer>`. */
  location?: string
  customer?: Customer
  payments?: Record<string, Payment>
  signature?: Signature | null
  /** Prose: collaborative text. */
  note?: string
  lines?: Record<string, Line>
}
