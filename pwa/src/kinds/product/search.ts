/** Finding a product among ten thousand as fast as one types: by name in either language, code, barcode, pinyin, initials. */
import { BarcodeIndex } from './barcodes'
import type { Product } from './product'

interface Entry {
  product: Product
  /** Everything that is searched, lower case, the parts divided by a line break. */
  text: string
  code: string
}

export interface Catalogue {
  entries: Entry[]
  byId: Map<string, Product>
  byBarcode: BarcodeIndex
  categories: string[]
}

export function catalogueOf(products: readonly Product[]): Catalogue {
  const byId = new Map<string, Product>()
  const categories = new Set<string>()
  const entries = products.map((product) => {
    byId.set(product.id, product)
    if (product.category) categories.add(product.category)
    const barcodes = [product, ...(product.units ?? [])].flatMap((each) => each.barcodes ?? [])
    const parts = [product.id, product.name.zh ?? '', product.name.en ?? '', product.pinyin ?? '', ...barcodes]
    return { product, code: product.id.toLowerCase(), text: `\n${parts.join('\n').toLowerCase()}` }
  })
  return { entries, byId, byBarcode: new BarcodeIndex(products), categories: [...categories].sort() }
}

/** 0 best. A code that is the whole query, then what begins with it, then a word that does, then what merely holds it. */
function rank(entry: Entry, query: string): number {
  if (entry.code === query) return 0
  if (entry.text.includes(`\n${query}`)) return 1
  if (entry.text.includes(` ${query}`)) return 2
  return 3
}

/** The products that hold every word of the query, best first; all in their order where the query is empty. */
export function findProducts(catalogue: Catalogue, query: string, category: string | null = null): Product[] {
  const whole = query.trim().toLowerCase()
  const words = whole.split(/\s+/).filter(Boolean)
  const ranked: Product[][] = [[], [], [], []]
  for (const entry of catalogue.entries) {
    if (category !== null && entry.product.category !== category) continue
    if (words.every((word) => entry.text.includes(word))) ranked[words.length ? rank(entry, whole) : 0]?.push(entry.product)
  }
  return ranked.flat()
}
