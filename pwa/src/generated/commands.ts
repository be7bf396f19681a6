// Made by `daybook schemas` from server/domain: change it there.

export interface ReceivedLine {
  /** To the warehouse, in the line's unit. */
  good?: string
  /** Written off. */
  scrapped?: string
}

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

export interface CustomerMergeInto {
  other: string
  note?: string
}

export interface CustomerKeepBoth {
  note?: string
}

export interface GoodsReceiptResolve {
  /** Line -> lost: short goods are written off. credit: and the dealer gets the price back. resend: and they are sent again. accept: damage or surplus stays as it is. */
  lines: Record<string, "lost" | "credit" | "resend" | "accept">
  note?: string
}

export interface GoodsReceiptDismiss {
  note: string
}

export interface GoodsReturnReceive {
  /** By the return's line. */
  lines: Record<string, ReceivedLine>
  note?: string
}

export interface GoodsReturnCredit {
  note?: string
}

export interface GoodsReturnReject {
  reason: string
}

export interface GoodsReturnLetThrough {
  note?: string
}

export interface MachineMergeInto {
  other: string
  note?: string
}

export interface MachineKeepBoth {
  note?: string
}

export interface OrderApprove {
  note?: string
  /** True: the captured prices hold; false: the server's. */
  accept_prices?: boolean
}

export interface OrderReject {
  reason: string
}

export interface OrderShip {
  /** Line id -> quantity in the line's unit. */
  lines: Record<string, string>
  carrier?: string
  tracking?: string
  /** The day it left, if not today; no later than today. */
  shipped_on?: string | null
}

export interface OrderDeliver {
  /** Its id or its number. */
  shipment: string
}

export interface OrderInvoice {
  /** Ids or numbers; left out: all that are not invoiced yet. */
  shipments?: string[] | null
}

export interface OrderResolveCase {
  note?: string
  /** True: the order goes on as it was edited; false: as it was agreed. */
  accept?: boolean
}

export interface PaymentRecord {
  kind?: "payment"
  schema?: 1
  dealer: string
  /** Minor units. */
  amount: number
  currency: string
  method?: "transfer" | "cash" | "card" | "cheque" | "other"
  /** As the bank names it. */
  reference?: string
  received_on: string
}

export interface PaymentReverse {
  reason: string
}

/** The document itself, with what a form of headquarters need not say. */
export interface ServiceRequestOpen {
  kind?: "service_request"
  schema?: 1
  /** Readable, unique offline; headquarters' own have none and get one. */
  number?: string
  dealer: string
  stage?: "submitted"
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

export interface ServiceRequestAssign {
  /** The account. */
  technician: string
  planned_on?: string | null
}

export interface ServiceRequestPause {
  reason: "parts" | "customer" | "other"
  note?: string
}

export interface ServiceRequestResume {
  note?: string
}

export interface ServiceRequestClose {
  note?: string
}

export interface ServiceRequestReopen {
  reason: string
}

export interface ServiceVisitReview {
  note?: string
}

export interface StockCountAccept {
  note?: string
}

export interface StockCountAskRecount {
  products: string[]
  note?: string
}

export interface StockReceiptRecord {
  kind?: "stock_receipt"
  schema?: 1
  warehouse?: string
  /** Product -> quantity in its base unit; below zero corrects downwards. */
  lines: Record<string, string>
  /** Product -> what its whole quantity cost, minor units; unknown: as the others. */
  costs?: Record<string, number>
  reference?: string
  received_on?: string | null
}

export interface StockReceiptReverse {
  reason: string
}

/** `<kind>.<command>` → the roles that may give it. */
export const COMMAND_ROLES = {
  "customer.merge_into": ["administrator", "sales", "service"],
  "customer.keep_both": ["administrator", "sales", "service"],
  "goods_receipt.resolve": ["administrator", "finance", "sales"],
  "goods_receipt.dismiss": ["administrator", "finance", "sales"],
  "goods_return.receive": ["administrator", "sales"],
  "goods_return.credit": ["administrator", "finance"],
  "goods_return.reject": ["administrator", "finance", "sales"],
  "goods_return.let_through": ["administrator", "finance", "sales"],
  "machine.merge_into": ["administrator", "sales", "service"],
  "machine.keep_both": ["administrator", "sales", "service"],
  "order.approve": ["administrator", "finance", "sales"],
  "order.reject": ["administrator", "finance", "sales"],
  "order.ship": ["administrator", "sales"],
  "order.deliver": ["administrator", "sales"],
  "order.invoice": ["administrator", "finance"],
  "order.resolve_case": ["administrator", "finance", "sales"],
  "payment.record": ["administrator", "finance"],
  "payment.reverse": ["administrator", "finance"],
  "service_request.open": ["administrator", "sales", "service"],
  "service_request.assign": ["administrator", "sales", "service"],
  "service_request.pause": ["administrator", "sales", "service"],
  "service_request.resume": ["administrator", "sales", "service"],
  "service_request.close": ["administrator", "sales", "service"],
  "service_request.reopen": ["administrator", "sales", "service"],
  "service_visit.review": ["administrator", "sales", "service"],
  "stock_count.accept": ["administrator", "finance", "sales"],
  "stock_count.ask_recount": ["administrator", "finance", "sales"],
  "stock_receipt.record": ["administrator", "sales"],
  "stock_receipt.reverse": ["administrator", "sales"],
} as const

/** A param as a form asks for it. Of a `map` the keys are ids, mostly of lines; `of` is its values. */
export interface ParamField {
  name: string
  sort: "text" | "choice" | "date" | "number" | "flag" | "quantity" | "list" | "map" | "group"
  required?: true
  choices?: readonly string[]
  of?: readonly ParamField[]
}

/** `<kind>.<command>` → its params; those that can only have one value are left out. */
export const COMMAND_FORMS: Record<keyof typeof COMMAND_ROLES, readonly ParamField[]> = {
  "customer.merge_into": [{"name": "other", "sort": "text", "required": true}, {"name": "note", "sort": "text"}],
  "customer.keep_both": [{"name": "note", "sort": "text"}],
  "goods_receipt.resolve": [{"name": "lines", "sort": "map", "of": [{"name": "", "sort": "choice", "choices": ["lost", "credit", "resend", "accept"]}], "required": true}, {"name": "note", "sort": "text"}],
  "goods_receipt.dismiss": [{"name": "note", "sort": "text", "required": true}],
  "goods_return.receive": [{"name": "lines", "sort": "map", "of": [{"name": "", "sort": "group", "of": [{"name": "good", "sort": "quantity"}, {"name": "scrapped", "sort": "quantity"}]}], "required": true}, {"name": "note", "sort": "text"}],
  "goods_return.credit": [{"name": "note", "sort": "text"}],
  "goods_return.reject": [{"name": "reason", "sort": "text", "required": true}],
  "goods_return.let_through": [{"name": "note", "sort": "text"}],
  "machine.merge_into": [{"name": "other", "sort": "text", "required": true}, {"name": "note", "sort": "text"}],
  "machine.keep_both": [{"name": "note", "sort": "text"}],
  "order.approve": [{"name": "note", "sort": "text"}, {"name": "accept_prices", "sort": "flag"}],
  "order.reject": [{"name": "reason", "sort": "text", "required": true}],
  "order.ship": [{"name": "lines", "sort": "map", "of": [{"name": "", "sort": "quantity"}], "required": true}, {"name": "carrier", "sort": "text"}, {"name": "tracking", "sort": "text"}, {"name": "shipped_on", "sort": "date"}],
  "order.deliver": [{"name": "shipment", "sort": "text", "required": true}],
  "order.invoice": [{"name": "shipments", "sort": "list", "of": [{"name": "", "sort": "text"}]}],
  "order.resolve_case": [{"name": "note", "sort": "text"}, {"name": "accept", "sort": "flag"}],
  "payment.record": [{"name": "dealer", "sort": "text", "required": true}, {"name": "amount", "sort": "number", "required": true}, {"name": "currency", "sort": "text", "required": true}, {"name": "method", "sort": "choice", "choices": ["transfer", "cash", "card", "cheque", "other"]}, {"name": "reference", "sort": "text"}, {"name": "received_on", "sort": "date", "required": true}],
  "payment.reverse": [{"name": "reason", "sort": "text", "required": true}],
  "service_request.open": [{"name": "number", "sort": "text"}, {"name": "dealer", "sort": "text", "required": true}, {"name": "opened_at", "sort": "text"}, {"name": "machine", "sort": "text"}, {"name": "serial", "sort": "text"}, {"name": "model", "sort": "text"}, {"name": "customer", "sort": "text"}, {"name": "contact", "sort": "text"}, {"name": "phone", "sort": "text"}, {"name": "place", "sort": "group", "of": [{"name": "address", "sort": "text"}, {"name": "geo", "sort": "text"}]}, {"name": "fault", "sort": "text"}, {"name": "urgency", "sort": "choice", "choices": ["low", "normal", "high", "down"]}, {"name": "photos", "sort": "map", "of": [{"name": "", "sort": "group", "of": [{"name": "hash", "sort": "text", "required": true}, {"name": "size", "sort": "number", "required": true}, {"name": "type", "sort": "choice", "choices": ["image/jpeg", "image/png", "image/webp"], "required": true}, {"name": "width", "sort": "number", "required": true}, {"name": "height", "sort": "number", "required": true}, {"name": "taken_at", "sort": "text", "required": true}, {"name": "place", "sort": "text"}]}]}],
  "service_request.assign": [{"name": "technician", "sort": "text", "required": true}, {"name": "planned_on", "sort": "date"}],
  "service_request.pause": [{"name": "reason", "sort": "choice", "choices": ["parts", "customer", "other"], "required": true}, {"name": "note", "sort": "text"}],
  "service_request.resume": [{"name": "note", "sort": "text"}],
  "service_request.close": [{"name": "note", "sort": "text"}],
  "service_request.reopen": [{"name": "reason", "sort": "text", "required": true}],
  "service_visit.review": [{"name": "note", "sort": "text"}],
  "stock_count.accept": [{"name": "note", "sort": "text"}],
  "stock_count.ask_recount": [{"name": "products", "sort": "list", "of": [{"name": "", "sort": "text"}], "required": true}, {"name": "note", "sort": "text"}],
  "stock_receipt.record": [{"name": "warehouse", "sort": "text"}, {"name": "lines", "sort": "map", "of": [{"name": "", "sort": "text"}], "required": true}, {"name": "costs", "sort": "map", "of": [{"name": "", "sort": "number"}]}, {"name": "reference", "sort": "text"}, {"name": "received_on", "sort": "date"}],
  "stock_receipt.reverse": [{"name": "reason", "sort": "text", "required": true}],
}
