// Made by `daybook schemas` from server/domain: change it there.

export interface Names {
  zh?: string
  en?: string
}

export interface Unit {
  unit: string
  /** Base units in one of this unit. */
  factor: string
  barcodes?: string[]
}

export interface PriceBreak {
  /** In the unit that is priced. */
  from_quantity: string
  /** Minor units, before tax. */
  price: number
}

export interface UnitPrice {
  /** Minor units, before tax. */
  price: number
  breaks?: PriceBreak[]
}

export interface WorkingSpan {
  start: string
  end: string
}

export interface Deadlines {
  /** Minutes of working time until somebody is there. */
  respond: number
  /** Minutes of working time until the machine runs. */
  fix: number
}

export interface Closing {
  /** UTC milliseconds: what happened before belongs to the closed period. */
  until: number
  /** UTC milliseconds: what arrived before was counted in it. */
  closed_at: number
}

export interface ShipmentLine {
  product: string
  quantity: string
  unit: string
  /** The quantity in the product's base unit. */
  base: string
  /** Of the whole quantity, before tax: what the goods cost the dealer. */
  net: number
  /** Minor units. */
  tax: number
}

export interface InvoiceLine {
  quantity: string
  /** Minor units. */
  net: number
  /** Minor units. */
  tax: number
}

export interface ReceiptLine {
  product: string
  unit: string
  shipped: string
  received: string
  damaged: string
  short: string
  /** By headquarters, in base units. */
  credited: string
}

export interface SoldLine {
  product: string
  quantity: string
  unit: string
  /** In the product's base unit; null: nobody could measure it. */
  base: string | null
  net: number
  tax: number
  serials: string[]
  batch: string | null
}

export interface PartLine {
  product: string
  quantity: string
  unit: string
}

/** Record `product` / `<id>`, scope `catalog`. */
export interface Product {
  id: string
  name: Names
  base_unit: string
  /** The base unit may be left out: its factor is 1. */
  units?: Unit[]
  /** Of the base unit. */
  barcodes?: string[]
  category?: string | null
  /** Tax on the net price, basis points. */
  tax_bp?: number
  /** The name that `/pictures/` serves it by. */
  picture?: string | null
  /** Full pinyin and initials, for search. */
  pinyin?: string
  /** No longer sold: headquarters must approve a line with it. */
  withdrawn?: boolean
  /** Ordered quantities are multiples of it, in base units. */
  step?: string
  /** Whole packs only: so many base units. */
  pack?: string | null
}

/** Record `category` / `<id>`, scope `catalog`. */
export interface Category {
  id: string
  name: Names
  position?: number
}

/** Record `stock_level` / `<product>`, scope `catalog`: what headquarters' warehouse can still promise. */
export interface StockLevel {
  product: string
  /** In base units; below zero after a correction of stock that was promised. */
  available: string
  /** There may be more: large amounts are told in round numbers. */
  at_least?: boolean
}

/** Record `price_list` / `<id>@<version>`, scope `tier:<tier>`. A version is never edited: a new one is written. */
export interface PriceList {
  id: string
  version: number
  name?: string
  currency: string
  tier: string
  valid_from: string
  /** The last day. */
  valid_to?: string | null
  /** Where its days begin: 480 in China. */
  utc_offset_minutes?: number
  /** What a dealer may ask for without approval. */
  max_discount_bp?: number
}

/** Record `price` / `<list>@<version>/<product>`, scope `tier:<tier>`. */
export interface ProductPrice {
  product: string
  list: string
  version: number
  units: Record<string, UnitPrice>
}

/** Record `dealer` / `<id>`, scope `dealer:<id>`. */
export interface Dealer {
  id: string
  name: string
  tier: string
  /** The version in force: `<list>@<version>`. */
  price_list?: string | null
  /** D: on watch, every order is held. */
  grade?: "A" | "B" | "C" | "D"
  /** None: no limit. Without meaning under prepayment. */
  credit_limit?: number | null
  currency: string
  terms?: "prepayment" | "monthly" | "quarterly"
  language?: "zh-CN" | "en"
  contact?: string
  phone?: string
  address?: string
  active?: boolean
}

/** Record `account_balance` / `<dealer>`, scope `dealer:<dealer>`: for the tablet's advice on credit. */
export interface AccountBalance {
  dealer: string
  currency: string
  /** Positive: the dealer owes. Negative: paid in advance. */
  receivable: number
  /** Accepted and not yet invoiced. */
  open_orders: number
  limit: number | null
  terms: "prepayment" | "monthly" | "quarterly"
}

/** Record `stock_on_hand` / `<location>/<product>`, scope of the location. In headquarters' warehouse only where somebody watches it. */
export interface StockOnHand {
  location: string
  product: string
  /** In base units, what is reserved included; below zero: more left than was known to be there. */
  on_hand: string
  reserved: string
  level: "below" | "low" | "ok" | "high"
}

/** Record `stock_policy` / `<location>/<product>`, scope of the location. Quantities in base units. */
export interface StockPolicy {
  location: string
  product: string
  /** At or below it somebody is told. */
  low?: string | null
  /** Above it somebody is told. */
  high?: string | null
  /** At or below it, projected, more is ordered. */
  reorder_level?: string | null
  /** At least so much is ordered, in whole packs. */
  reorder_quantity?: string | null
  /** Ordered elsewhere and on its way. */
  on_order?: string
}

/** Record `technician` / `<account>`, scope `technician:<account>`: the dealers whose machines somebody serves. */
export interface Technician {
  id: string
  name: string
  dealers?: string[]
}

/** Record `warranty_policy` / `<id>`, scope `catalog`. Its id says what it is for, so that a rule can ask for it: `product:<product>`, `category:<category>`, `default`; the closest to the product holds (`domain/warranty.py`). */
export interface WarrantyPolicy {
  id: string
  /** From the day of the sale; 0: none. */
  months: number
  /** Parts; left out: as `months`. */
  parts_months?: number | null
  /** Labour; left out: as `months`. */
  labour_months?: number | null
}

/** Record `warranty` / `<dealer>/<serial>` (`domain/warranty.py`), scope `service:<dealer>`: the machine that an end customer bought. The dealer is in its key, so that nobody can write over what another dealer sold. */
export interface WarrantyRecord {
  product: string
  serial: string
  dealer: string
  sold_at: string
  /** The last day of the warranty, in UTC; before the day of the sale: none. */
  until: string
  parts_until: string
  labour_until: string
  /** The sale's document id. */
  document: string
  /** The sale's number. */
  number: string
  line: string
  /** Id, or the name as it was written. */
  customer: string
}

/** Record `service_hours` / `main`, scope `catalog`: when headquarters' clock for service runs. */
export interface ServiceHours {
  id?: "main"
  /** Where its days begin: 480 in China. */
  utc_offset_minutes: number
  /** Monday first; an empty day is free. */
  week: WorkingSpan[][]
  holidays?: string[]
}

/** Record `sla` / `main`, scope `catalog`: what is promised, by urgency. */
export interface ServiceLevels {
  id?: "main"
  urgency: Record<string, Deadlines>
}

/** Record `count_policy` / `main`, scope `catalog`: which differences of a stock count headquarters looks at first. */
export interface CountPolicy {
  id?: "main"
  /** A larger difference of one product is held. */
  max_value: number
  currency: string
  /** `<list>@<version>` for what no dealer's list prices: the vans. */
  price_list?: string | null
}

/** Record `periods` / `closed`, scope `hq`: the closings of the books, the oldest first. */
export interface Periods {
  id?: "closed"
  closings?: Closing[]
}

/** Record `shipment` / `<command>`, scope `dealer:<dealer>`. What headquarters sends again after a goods receipt is one too. */
export interface ShipmentRecord {
  id: string
  number: string
  /** The order's document id. */
  document: string
  /** The order's number. */
  order: string
  dealer: string
  currency: string
  /** When it was recorded. */
  shipped_at: string
  /** The day it left. */
  shipped_on: string
  /** By headquarters, or by the dealer's goods receipt. */
  delivered_at: string | null
  carrier: string
  tracking: string
  lines: Record<string, ShipmentLine>
}

/** Record `shipment_number` / `<dealer>/<number>`, scope `dealer:<dealer>`: for who has only the paper in hand. */
export interface ShipmentNumber {
  id: string
}

/** Record `invoice` / `<command>`, scope `dealer:<dealer>`. */
export interface InvoiceRecord {
  id: string
  number: string
  /** The order's document id. */
  document: string
  /** The order's number. */
  order: string
  dealer: string
  currency: string
  at: string
  shipments: string[]
  /** Minor units. */
  net: number
  /** Minor units. */
  tax: number
  /** Minor units. */
  total: number
  lines: Record<string, InvoiceLine>
}

/** Record `credit_note` / `<command>`, scope `dealer:<dealer>`: what headquarters takes off the dealer's account. */
export interface CreditNote {
  id: string
  number: string
  /** The goods receipt or the return that it stands on. */
  document: string
  /** The number of that document. */
  about: string
  dealer: string
  currency: string
  at: string
  /** Minor units. */
  net: number
  /** Minor units. */
  tax: number
  /** Minor units. */
  total: number
  lines: Record<string, InvoiceLine>
}

/** Record `payment` / `<command>`, scope `dealer:<dealer>`. */
export interface PaymentRecord {
  document: string
  dealer: string
  /** Minor units. */
  amount: number
  currency: string
  method: string
  reference: string
  received_on: string
}

/** Record `customer` / `<document>`, scope `service:<dealer>`. */
export interface CustomerRecord {
  document: string
  dealer: string
  name: string
  phone: string
  address: string
  merged_into: string | null
}

/** Record `bearer` / `<dealer>/<what>/<name>/<document>`, scope `service:<dealer>`: who bears a name. */
export interface Bearer {
  document: string
  dealer: string
  kind: string
}

/** Record `receipt` / `<dealer>/<order>/<shipment>`: by this the order's shipment is delivered. */
export interface ReceiptRecord {
  shipment: string
  document: string
  number: string
  at: number
  lines: Record<string, ReceiptLine>
}

/** Record `receipt_claim` / `<shipment>/<document>`: a confirmed receipt of it, of which one counts. */
export interface ReceiptClaim {
  number: string
  at: number
  settled: boolean
}

/** Record `returned` / `<dealer>/<sale's number>/<document>`, or `sent_back` / `<shipment>/<document>`. */
export interface ReturnedRecord {
  number: string
  at: number
  /** Headquarters has acted on it: it comes before the others. */
  settled: boolean
  /** The source's line -> quantity in base units. */
  lines: Record<string, string>
  /** `<product>#<serial>` */
  serials: string[]
}

/** Record `machine` / `<document>`, and `machine_serial` / `<dealer>/<serial>/<document>`, scope `service:<dealer>`. */
export interface MachineRecord {
  document: string
  dealer: string
  serial: string
  product: string | null
  model: string
  customer: string | null
  address: string
  geo: string
  installed_at: string | null
  merged_into: string | null
}

/** Record `sale` / `<document>`: what a return stands on. */
export interface SaleRecord {
  id: string
  number: string
  dealer: string
  currency: string
  at: number
  location: string
  customer: string
  net: number
  tax: number
  total: number
  due: number
  lines: Record<string, SoldLine>
}

/** Record `sale_number` / `<dealer>/<number>`: for who has only the receipt in hand. */
export interface SaleNumber {
  id: string
}

/** Record `visit` / `<request>/<visit>`, scope `service:<dealer>`. Moments are UTC milliseconds. */
export interface VisitRecord {
  visit: string
  number: string
  technician: string
  /** None: nobody has come yet. */
  came_at: number | null
  left_at: number | null
  outcome: "fixed" | "parts_needed" | "revisit" | "refused" | null
}

/** Record `machine_visit` / `<machine>/<visit>`, scope `service:<dealer>`: a machine's history. */
export interface MachineVisit {
  visit: string
  number: string
  request: string | null
  technician: string
  at: number
  outcome: string | null
  diagnosis: string
  action: string
  meter: string | null
  parts: PartLine[]
  photos: number
}

/** Record `parts_request` / `<visit>`, scope `service:<dealer>`: what is missing for the repair. */
export interface PartsRequest {
  visit: string
  number: string
  request: string | null
  machine: string | null
  serial: string
  dealer: string
  technician: string
  at: number
  parts: PartLine[]
}

/** Record `stock_recount` / `<location>/<number>/<document>`, in the scope of the location: what was counted again of the count of that number. */
export interface StockRecount {
  location: string
  /** Number of the count that was asked anew. */
  count: string
  /** The document that answers it. */
  document: string
  number: string
  products: Record<string, string>
}
