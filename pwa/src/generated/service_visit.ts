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

export interface Signature {
  name: string
  /** SVG path data of the pen. */
  strokes: string
  signed_at: string
  /** SHA-256 of the lines signed for. */
  signed_hash: string
}

export interface UsedPart {
  position: number
  product: string
  /** In `unit`; an exact decimal. */
  quantity: string
  unit: string
  /** Batch or serial number as it stands on the part; empty: none. */
  lot?: string
  /** Where it was taken from: `van:<technician>`, `dealer:<dealer>`. */
  source: string
}

export interface WantedPart {
  position: number
  product: string
  quantity: string
  unit: string
  note?: string
}

/** Its maps come into being with it: maps that two devices make at once would hide each other. */
export interface ServiceVisit {
  kind: "service_visit"
  schema: 1
  /** Readable, unique offline: the device's short code, a dash, a counter. */
  number: string
  dealer: string
  /** The account of who came. */
  technician: string
  /** By whose clock its times are. */
  device: string
  stage?: "draft" | "submitted" | "withdrawn"
  created_at: string
  /** None: found in the field. */
  request?: string | null
  machine?: string | null
  serial?: string
  model?: string
  /** Of the machine, as the device knew it. */
  product?: string | null
  customer?: string | null
  travel_at?: string | null
  arrived_at?: string | null
  started_at?: string | null
  ended_at?: string | null
  /** Prose: collaborative text. */
  diagnosis?: string
  /** Prose: collaborative text. */
  cause?: string
  /** Prose: collaborative text. */
  action?: string
  checklist?: Record<string, "ok" | "not_ok" | "not_applicable">
  parts?: Record<string, UsedPart>
  labour_minutes?: number | null
  meter?: string | null
  photos_before?: Record<string, Attachment>
  photos_after?: Record<string, Attachment>
  outcome?: "fixed" | "parts_needed" | "revisit" | "refused" | null
  requested?: Record<string, WantedPart>
  signature?: Signature | null
}
