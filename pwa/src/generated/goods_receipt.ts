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

/** One thing that was counted. Without `line` it is matched by its product: so somebody can count what came before the shipment is known to the tablet. */
export interface Line {
  position?: number
  /** The shipment's line. */
  line?: string | null
  product: string
  unit: string
  /** In good condition, in `unit`. */
  received: string
  /** Came, but damaged. */
  damaged?: string
  batch?: string | null
  serials?: string[]
  note?: string
  /** Of the damage. */
  photos?: Record<string, Attachment>
}

export interface Signature {
  name: string
  /** SVG path data of the pen. */
  strokes: string
  signed_at: string
  /** SHA-256 of the lines signed for. */
  signed_hash: string
}

/** What is short is not written down: it is what the shipment says, less what came. */
export interface GoodsReceipt {
  kind: "goods_receipt"
  schema: 1
  /** Readable, unique offline: the device's short code, a dash, a counter. */
  number: string
  dealer: string
  /** Its id; or its number, from the paper, where the tablet does not know it yet. */
  shipment?: string
  stage?: "draft" | "confirmed"
  /** By the device's clock. */
  created_at: string
  /** When the goods were taken in, by the device's clock. */
  received_at?: string | null
  received_by?: string
  signature?: Signature | null
  /** Prose: collaborative text. */
  note?: string
  lines?: Record<string, Line>
}
