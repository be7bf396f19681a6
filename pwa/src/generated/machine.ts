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

export interface Machine {
  kind: "machine"
  schema: 1
  /** Who looks after it. */
  dealer: string
  /** By the device's clock. */
  created_at: string
  /** As it stands on the plate. */
  serial?: string
  /** Where it is one that headquarters sells. */
  product?: string | null
  /** As it stands on the plate. */
  model?: string
  customer?: string | null
  place?: Whereabouts
  installed_at?: string | null
  /** Hours that it has run. */
  meter?: string | null
  /** Prose: collaborative text. */
  note?: string
  photos?: Record<string, Attachment>
}
