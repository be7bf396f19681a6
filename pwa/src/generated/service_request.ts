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

/** Where a machine stands or a customer lives. */
export interface Whereabouts {
  address?: string
  /** RFC 5870: `geo:31.230416,121.473701;u=12`; empty: not known. */
  geo?: string
}

export interface ServiceRequest {
  kind: "service_request"
  schema: 1
  /** Readable, unique offline; headquarters' own have none and get one. */
  number?: string
  dealer: string
  stage?: "draft" | "submitted" | "withdrawn"
  /** When it was reported, by the device's clock; None: when it arrived. */
  opened_at?: string | null
  machine?: string | null
  /** As it stands on the plate, or as the customer says it. */
  serial?: string
  model?: string
  customer?: string | null
  /** Who is asked for there. */
  contact?: string
  phone?: string
  place?: Whereabouts
  /** Prose: collaborative text. */
  fault?: string
  /** `down`: the machine stands still. */
  urgency?: "low" | "normal" | "high" | "down"
  photos?: Record<string, Attachment>
}
