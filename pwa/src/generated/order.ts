// Made by `daybook schemas` from server/domain: change it there.

export interface Line {
  /** Where the line stands; ties go by line id. */
  position: number
  product: string
  /** In `unit`; an exact decimal. */
  quantity: string
  /** One of the product's units: `pcs`, `box`. */
  unit: string
  /** Per `unit`, minor units, as the dealer saw it; before discount and tax. */
  price: number
  /** Discount asked for, in basis points. */
  discount_bp?: number
  note?: string
}

export interface ShipTo {
  name?: string
  address?: string
  phone?: string
}

export interface Signature {
  name: string
  /** SVG path data of the pen. */
  strokes: string
  signed_at: string
  /** SHA-256 of the lines signed for. */
  signed_hash: string
}

/** Every field that a tablet may set has a default, but for those that make it an order. */
export interface Order {
  kind: "order"
  schema: 1
  /** Readable, unique offline: the device's short code, a dash, a counter. */
  number: string
  dealer: string
  currency: string
  stage?: "draft" | "submitted" | "withdrawn"
  /** By the device's clock. */
  created_at: string
  /** When it was submitted, by the device's clock. */
  captured_at?: string | null
  /** `<list>@<version>` that the prices were seen in. */
  price_list?: string | null
  wanted_date?: string | null
  ship_to?: ShipTo
  /** Prose: collaborative text. */
  note?: string
  signature?: Signature | null
  lines?: Record<string, Line>
}
