/**
 * Looking for a code in what the camera shows. The browser's own BarcodeDetector is the faster where there is one; ZXing reads
 * what it cannot: GS1 DataBar, and the separators of GS1, which BarcodeDetector drops now and then from the very same label.
 */
import { aimedAt, type Sighting } from './decode'
import { upcAOf } from './gtin'
import { GS } from './scan'
import type { Answer, Ask } from './zxing-worker'

export type Look = (video: HTMLVideoElement) => Promise<Sighting | undefined>

interface Detected {
  rawValue: string
  format: string
  boundingBox: DOMRectReadOnly
}
interface Detector {
  detect(source: HTMLVideoElement): Promise<Detected[]>
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

const NATIVE = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'code_39', 'itf', 'qr_code', 'data_matrix']
const WEAK: ReadonlySet<string> = new Set(['itf', 'code_39'])
const CARRIES_GS1: ReadonlySet<string> = new Set(['code_128', 'qr_code', 'data_matrix'])
/** A wider picture costs more time than it finds codes. */
const WIDEST = 1280
/** So often ZXing may fail to read what BarcodeDetector did, before its word is taken. */
const PATIENCE = 6
/** In so many looks that see nothing, ZXing takes one. */
const EVERY = 4

let worker: Worker | undefined
let calls = 0

/** The worker stays once it is started: who scans one code scans the next, and a start costs a second. */
const zxing: Look = async (video) => {
  const width = Math.min(video.videoWidth, WIDEST)
  const frame = await createImageBitmap(video, width < video.videoWidth ? { resizeWidth: width } : {})
  worker ??= new Worker(new URL('./zxing-worker.ts', import.meta.url), { type: 'module', name: 'zxing' })
  const asked = worker
  const call = ++calls
  return new Promise((resolve, reject) => {
    asked.onmessage = ({ data }: MessageEvent<Answer>) => {
      // What a sheet saw that was closed meanwhile is no scan of this one.
      if (data.call !== call) return
      if (data.problem === undefined) resolve(data.sighting)
      else reject(new Error(data.problem))
    }
    asked.onerror = () => {
      worker = undefined
      reject(new Error('the reader did not start'))
    }
    asked.postMessage({ call, frame } satisfies Ask, [frame])
  })
}

function sightingOf({ rawValue, format, boundingBox: box }: Detected): Sighting & { format: string } {
  const text = (format === 'upc_e' && upcAOf(rawValue)) || rawValue
  return { text, format, weak: WEAK.has(format), middle: { x: box.x + box.width / 2, y: box.y + box.height / 2 } }
}

/** Whether separators may have been lost: a label with several elements is longer than an article number. */
export function mayBeGs1(text: string, format: string): boolean {
  return CARRIES_GS1.has(format) && (text.startsWith(GS) || text.startsWith(']') || /^\d{2}.{14}/s.test(text))
}

export function nativeLook(detector: Detector, exact: Look): Look {
  let missed = 0
  let blank = 0
  // A device that cannot run ZXing still has what its browser reads.
  const exactly = (video: HTMLVideoElement) => exact(video).catch(() => undefined)
  return async (video) => {
    const found = (await detector.detect(video)).map(sightingOf)
    const seen = aimedAt(found, video.videoWidth, video.videoHeight) as (typeof found)[number] | undefined
    if (!seen) return ++blank % EVERY === 0 ? exactly(video) : undefined
    if (!mayBeGs1(seen.text, seen.format)) return seen
    const read = await exactly(video)
    missed = read ? 0 : missed + 1
    return read ?? (missed >= PATIENCE ? seen : undefined)
  }
}

/** The best that this browser has. Null where it has none: too old to hand pictures to a worker. */
export async function lookOfThisBrowser(): Promise<Look | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
  const known = await BarcodeDetector?.getSupportedFormats().catch((): string[] => [])
  const formats = NATIVE.filter((format) => known?.includes(format))
  if (BarcodeDetector && formats.length) return nativeLook(new BarcodeDetector({ formats }), zxing)
  return typeof OffscreenCanvas === 'undefined' ? null : zxing
}
