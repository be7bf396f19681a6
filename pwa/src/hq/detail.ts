/** The entry that the parts of its page speak of, and its products by name. */
import type { InjectionKey, ShallowRef } from 'vue'
import { named } from '../kinds/product/product'
import { currentLocale } from './locale'
import type { Detail } from './wire'

export const detailKey: InjectionKey<ShallowRef<Detail | null>> = Symbol('detail')

export interface ContentLine {
  position: number
  product: string
  quantity: string
  unit: string
  price: number
  discount_bp?: number
  note?: string
}

/** Lines in the order in which the dealer wrote them; ties go by line id. */
export function linesOf(detail: Detail): [id: string, line: ContentLine][] {
  const lines = Object.entries((detail.content?.lines ?? {}) as Record<string, ContentLine>)
  return lines.sort(([a, one], [b, other]) => one.position - other.position || (a < b ? -1 : 1))
}

/** A product's name in the reader's language; its number where the name is not known. */
export function productName(detail: Detail | null, product: string): string {
  return named(detail?.products?.[product] ?? undefined, currentLocale()) || product
}

type Named = Record<string, { product?: string } | undefined>

/** The product of a line or a part; of a line that only names another document's, as the decision found it. */
export function productOf(detail: Detail | null, line: string): string | undefined {
  const said = [detail?.content?.lines, detail?.content?.parts, detail?.decision?.figures.lines] as (Named | undefined)[]
  return said.map((lines) => lines?.[line]?.product).find(Boolean)
}

/** Line id -> what people call it: the product's name. */
export function lineName(detail: Detail | null, line: string): string {
  // A count has no lines of its own: its reasons are about products.
  return productName(detail, productOf(detail, line) ?? line)
}

/** Who wrote it on the device that it names; empty where that is not known. */
export function writerOf(detail: Detail): string {
  return detail.changes.find((change) => change.device && change.device === detail.content?.device)?.account_name ?? ''
}
