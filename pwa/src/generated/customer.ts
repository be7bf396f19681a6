// Made by `daybook schemas` from server/domain: change it there.

/** Where a machine stands or a customer lives. */
export interface Whereabouts {
  address?: string
  /** RFC 5870: `geo:31.230416,121.473701;u=12`; empty: not known. */
  geo?: string
}

export interface Customer {
  kind: "customer"
  schema: 1
  /** Whose customer it is. */
  dealer: string
  /** By the device's clock. */
  created_at: string
  name?: string
  /** Who is asked for, where the customer is a farm or a firm. */
  contact?: string
  phone?: string
  place?: Whereabouts
  /** Prose: collaborative text. */
  note?: string
}
