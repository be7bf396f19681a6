/** The barcodes of ten thousand products, by every way in which they may be written. */
import { paddedGtin } from '../../scan/gtin'
import type { Product } from './product'

export interface Hit {
  product: Product
  unit: string
}

export class BarcodeIndex {
  /** As headquarters wrote them. */
  private readonly written = new Map<string, Hit>()
  /** Article numbers as fourteen digits: UPC-A, EAN-13 and GTIN-14 of one thing are one key. */
  private readonly padded = new Map<string, Hit>()

  constructor(products: readonly Product[]) {
    for (const product of products) {
      this.add(product, product.base_unit, product.barcodes)
      for (const { unit, barcodes } of product.units ?? []) this.add(product, unit, barcodes)
    }
  }

  private add(product: Product, unit: string, barcodes: readonly string[] = []): void {
    for (const barcode of barcodes) {
      const hit = { product, unit }
      const gtin = paddedGtin(barcode)
      this.written.set(barcode, hit)
      if (gtin) this.padded.set(gtin, hit)
    }
  }

  get(code: string): Hit | undefined {
    return this.written.get(code) ?? this.padded.get(paddedGtin(code) ?? '')
  }

  has(code: string): boolean {
    return this.get(code) !== undefined
  }
}
