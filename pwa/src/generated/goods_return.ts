// Made by `daybook schemas` from server/domain: change it there.

/** The bytes come by themselves, before the document or long after it. */
export interface Attachment {
  /** SHA-256 of the bytes as the device has them. */
  hash: string
  /** Bytes. */
  size: number
  type: "image/jpeg" | "image/png" | "image/webp"
  /** Pixels, as it is looked at. */
  width: number
  height: number
  /** By the device's clock. */
  taken_at: string
  /** Where it was taken, if the person let it be known. */
  place?: string | null
}

export interface Line {
  position?: number
  /** The line of the sale or the shipment. */
  line: string
  /** In the unit of that line. */
  quantity: string
  condition?: "resalable" | "damaged" | "warranty"
  reason?: "" | "unwanted" | "wrong_goods" | "faulty" | "damaged_in_transport" | "expired" | "recall" | "other"
  serials?: string[]
  note?: string
  photos?: Record<string, Attachment>
}

/** What the customer was given at once; the rest of the price is taken off what the customer owes. */
export interface Refund {
  method?: "account" | "cash" | "transfer" | "card"
  /** Minor units; left out: all of it, or nothing where it goes to the account. */
  amount?: number | null
}

export interface Signature {
  name: string
  /** SVG path data of the pen. */
  strokes: string
  signed_at: string
  /** SHA-256 of the lines signed for. */
  signed_hash: string
}

export interface GoodsReturn {
  kind: "goods_return"
  schema: 1
  /** Readable, unique offline: the device's short code, a dash, a counter. */
  number: string
  dealer: string
  direction?: "from_customer" | "to_headquarters"
  /** The sale or the shipment: its id, or its number from the paper. */
  source?: string
  stage?: "draft" | "done" | "cancelled"
  /** By the device's clock. */
  created_at: string
  /** When the goods were taken back, or sent. */
  captured_at?: string | null
  /** Where good ones go, or all are taken from; empty: `dealer:<dealer>`, and its place for damaged ones. */
  location?: string
  refund?: Refund
  signature?: Signature | null
  /** Prose: collaborative text. */
  note?: string
  lines?: Record<string, Line>
}
