/** What a scan means as a product: the product and the unit that its barcode stands on. */
import { onScan, type Reading } from '../../scan/resolve'
import type { BarcodeIndex, Hit } from './barcodes'
import { useCatalogue } from './use-catalogue'

declare module '../../scan/resolve' {
  interface Meanings {
    product: Hit
  }
}

/** The article's number; on a parcel, that of what is in it; a code without numbers as it is. */
export function productOf({ gs1 }: Reading, barcodes: BarcodeIndex): Hit | null {
  for (const code of [gs1.gtin, gs1.contains, gs1.text]) {
    const hit = code === undefined ? undefined : barcodes.get(code)
    if (hit) return hit
  }
  return null
}

onScan('product', async (reading) => {
  const { catalogue, whenLoaded } = useCatalogue()
  // A scan in the first moment of the app waits for the products instead of being unknown.
  await whenLoaded()
  return productOf(reading, catalogue.value.byBarcode)
})
