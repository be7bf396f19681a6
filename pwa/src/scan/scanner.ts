/** How this device's scanner is set up. Only for scanners that spell FNC1 by a sign that GS1 allows in values; see elements.ts. */
import { ref } from 'vue'

const KEPT = 'daybook.scanner.separator'

export const scannerSeparator = ref(globalThis.localStorage?.getItem(KEPT) ?? '')

export function chooseSeparator(separator: string): void {
  scannerSeparator.value = separator
  localStorage.setItem(KEPT, separator)
}
