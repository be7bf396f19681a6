// Made by `daybook schemas` from server/domain: change it there.
/** The newest schema version of each kind that the server knows. */
export const SCHEMA_VERSIONS = {
  customer: 1,
  goods_receipt: 1,
  goods_return: 1,
  machine: 1,
  order: 1,
  payment: 1,
  sale: 1,
  service_request: 1,
  service_visit: 1,
  stock_count: 1,
  stock_receipt: 1
} as const

export type KindName = keyof typeof SCHEMA_VERSIONS
