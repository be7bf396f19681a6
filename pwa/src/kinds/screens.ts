/** The screen that shows a document of a kind, by the name of its route. */
const SCREENS: Readonly<Record<string, string>> = {
  order: 'order', stock_count: 'count', sale: 'sale', goods_receipt: 'receipt', goods_return: 'return', customer: 'customer', machine: 'machine',
  service_request: 'request', service_visit: 'visit'
}

/** Undefined for a kind that has no screen of its own here. */
export function screenOf(kind: string): string | undefined {
  return SCREENS[kind]
}

/** Where a notice leads that is about no document. */
export function screenOfNotice(code: string): string {
  return code.startsWith('stock_') ? 'stock' : 'account'
}
