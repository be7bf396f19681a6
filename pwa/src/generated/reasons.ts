// Made by `daybook schemas` from server/domain: change it there.

export const VERDICTS = ["draft", "accepted", "held", "refused", "withdrawn", "in_part", "closed"] as const
export type Verdict = (typeof VERDICTS)[number]

/** The stages that a document of the kind may be in. */
export const STAGES = {"order": ["draft", "submitted", "withdrawn"]} as const

/** quantity: a decimal string. moment: UTC milliseconds. product, dealer, person, location: an id that has a name. */
export type ParamType = "text" | "count" | "money" | "quantity" | "basis_points" | "moment" | "date" | "product" | "dealer" | "person" | "location"

/** Why a decision is what it is. Code → its figures. */
export const REASONS = {
  document_malformed: {path: "text", problem: "text", count: "count"},
  scope_mismatch: {said: "text", scope: "text"},
  rule_failed: {error: "text"},
  posting_unsound: {error: "text"},
  posted_late: {happened: "moment", until: "moment"},
  unknown_product: {product: "product"},
  product_withdrawn: {product: "product"},
  unknown_unit: {product: "product", unit: "text"},
  quantity_not_positive: {quantity: "quantity"},
  quantity_step: {quantity: "quantity", unit: "text", step: "quantity", base_unit: "text"},
  no_lines: {},
  amount_too_large: {maximum: "money"},
  clock_implausible: {captured: "moment", received: "moment", clock_offset: "count"},
  price_list_unknown: {price_list: "text"},
  price_list_not_valid: {price_list: "text", from: "date", to: "date", captured: "moment"},
  price_list_of_another_tier: {price_list: "text", tier: "text"},
  price_differs: {captured: "money", expected: "money", used: "money"},
  price_missing: {captured: "money", used: "money"},
  price_approved: {captured: "money", used: "money"},
  discount_too_high: {discount: "basis_points", maximum: "basis_points"},
  discount_approved: {discount: "basis_points", maximum: "basis_points"},
  unknown_dealer: {dealer: "dealer"},
  dealer_inactive: {dealer: "dealer"},
  dealer_on_watch: {dealer: "dealer", grade: "text"},
  currency_differs: {currency: "text", expected: "text"},
  credit_over_limit: {receivable: "money", open_orders: "money", order: "money", limit: "money", over: "money"},
  credit_approved: {receivable: "money", open_orders: "money", order: "money", limit: "money", over: "money"},
  prepayment_short: {balance: "money", open_orders: "money", order: "money", short: "money"},
  prepayment_approved: {balance: "money", open_orders: "money", order: "money", short: "money"},
  back_ordered: {allocated: "quantity", back_ordered: "quantity", unit: "text"},
  competing_values: {count: "count", paths: "text"},
  edited_after_shipping: {field: "text", was: "text", now: "text"},
  line_left_out: {product: "product"},
  edited_after_rejection: {by: "person", reason: "text"},
  approved: {by: "person", note: "text", total: "money"},
  rejected: {by: "person", reason: "text"},
  shipped: {number: "text", carrier: "text", tracking: "text"},
  delivered: {number: "text", at: "moment"},
  invoiced: {number: "text", total: "money"},
  payment_received: {amount: "money", currency: "text"},
  payment_reversed: {by: "person", reason: "text"},
  receipt_reversed: {by: "person", reason: "text"},
} as const satisfies Record<string, Record<string, ParamType>>
export type ReasonCode = keyof typeof REASONS

/** Why a command was not done. Code → its figures. */
export const COMMAND_REFUSALS = {
  already_shipped: {},
  not_submitted: {stage: "text"},
  nothing_to_approve: {verdict: "text"},
  case_open: {count: "count"},
  not_to_be_shipped: {verdict: "text"},
  line_unknown: {line: "text"},
  quantity_step: {line: "text", quantity: "quantity", step: "quantity"},
  more_than_allocated: {line: "text", quantity: "quantity", rest: "quantity"},
  date_in_future: {date: "date"},
  shipment_unknown: {shipment: "text"},
  already_delivered: {shipment: "text"},
  already_received: {shipment: "text", receipt: "text"},
  already_invoiced: {shipment: "text"},
  nothing_to_invoice: {},
  no_case: {},
  below_shipped: {line: "text", shipped: "quantity"},
  unknown_dealer: {dealer: "dealer"},
  currency_differs: {currency: "text", expected: "text"},
  unknown_product: {product: "product"},
  already_reversed: {},
} as const satisfies Record<string, Record<string, ParamType>>
export type CommandRefusalCode = keyof typeof COMMAND_REFUSALS

/** What somebody is told. Code → its figures. */
export const NOTICES = {
  stock_below: {location: "location", product: "product", on_hand: "quantity"},
  stock_low: {location: "location", product: "product", on_hand: "quantity"},
  stock_high: {location: "location", product: "product", on_hand: "quantity"},
  document_malformed: {},
  order_accepted: {number: "text"},
  order_in_part: {number: "text"},
  order_held: {number: "text"},
  order_refused: {number: "text"},
  order_withdrawn: {number: "text"},
  order_closed: {number: "text"},
  order_case: {number: "text"},
  order_shipped: {number: "text", shipment: "text"},
  order_delivered: {number: "text", shipment: "text"},
  order_invoiced: {number: "text", invoice: "text", total: "money", currency: "text"},
  payment_received: {amount: "money", currency: "text"},
  payment_reversed: {amount: "money", currency: "text"},
} as const satisfies Record<string, Record<string, ParamType>>
export type NoticeCode = keyof typeof NOTICES
