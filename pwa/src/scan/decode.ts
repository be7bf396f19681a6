/** Reading symbols out of pictures with ZXing, in whatever thread it runs: the app's worker, or a test. */
import { readBarcodes, type ReaderOptions, type ReadResult } from 'zxing-wasm/reader'

export interface Sighting {
  /** With its AIM symbology identifier, so that GS1 is told from what only looks like it. */
  text: string
  /** Of a kind without a check digit. */
  weak: boolean
  /** Of the symbol's middle, in pixels of the picture. */
  middle: { x: number; y: number }
}

/** EANUPC: EAN-13 and -8, UPC-A and -E. DataBar: all seven of GS1's. */
export const FORMATS = ['EANUPC', 'Code128', 'Code39', 'ITF', 'QRCode', 'DataMatrix', 'DataBar'] as const

const OPTIONS: ReaderOptions = { formats: [...FORMATS], textMode: 'Plain', tryInvert: false, maxNumberOfSymbols: 8 }
const WEAK: ReadonlySet<string> = new Set(['ITF', 'Code39'])

function sightingOf({ text, symbologyIdentifier, symbology, position }: ReadResult): Sighting {
  const { topLeft, topRight, bottomLeft, bottomRight } = position
  const corners = [topLeft, topRight, bottomLeft, bottomRight]
  const mean = (axis: 'x' | 'y') => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length
  return { text: symbologyIdentifier + text, weak: WEAK.has(symbology), middle: { x: mean('x'), y: mean('y') } }
}

export async function decode(picture: ImageData | Blob | Uint8Array): Promise<Sighting[]> {
  const found = await readBarcodes(picture, OPTIONS)
  return found.filter(({ isValid }) => isValid).map(sightingOf)
}

/** Of several in view, the one that is aimed at. */
export function aimedAt(found: readonly Sighting[], width: number, height: number): Sighting | undefined {
  const off = ({ middle }: Sighting) => Math.hypot(middle.x - width / 2, middle.y - height / 2)
  return [...found].sort((a, b) => off(a) - off(b))[0]
}
