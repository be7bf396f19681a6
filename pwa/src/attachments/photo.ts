/**
 * A camera's file as a photo for an entry: upright, at most 2048 pixels, JPEG, with a thumbnail; drawn anew, so that nothing the
 * camera wrote into the file (place, maker, owner) is in it.
 */
import { toHex } from '../store/bytes'
import { type Attachment, PhotoProblem } from './attachment'

export const LONG_SIDE = 2048
export const THUMB_SIDE = 320
const QUALITY = 0.82
const THUMB_QUALITY = 0.75
/** Bytes above which a file is no photo that a tablet can decode without dying of it. */
export const LARGEST_FILE = 100_000_000

export interface Prepared {
  fields: Omit<Attachment, 'taken_at' | 'place'>
  whole: Uint8Array<ArrayBuffer>
  thumb: Uint8Array<ArrayBuffer>
}

export interface Bitmap {
  width: number
  height: number
  close(): void
}

/** What a browser has and a test does not. */
export interface PhotoPorts {
  /** Decodes; turned as the camera says. */
  decode: (file: Blob) => Promise<Bitmap>
  /** Draws to that size and packs as JPEG. */
  draw: (bitmap: Bitmap, width: number, height: number, quality: number) => Promise<Blob>
}

export const browser: PhotoPorts = {
  decode: (file) => createImageBitmap(file, { imageOrientation: 'from-image' }),
  draw: async (bitmap, width, height, quality) => {
    const surface = typeof OffscreenCanvas === 'undefined' ? inPage(width, height) : new OffscreenCanvas(width, height)
    const pen = surface.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null
    if (!pen) throw new PhotoProblem('failed')
    // A JPEG has no transparency: what shows through is paper.
    pen.fillStyle = 'white'
    pen.fillRect(0, 0, width, height)
    pen.imageSmoothingQuality = 'high'
    pen.drawImage(bitmap as unknown as ImageBitmap, 0, 0, width, height)
    return 'convertToBlob' in surface
      ? await surface.convertToBlob({ type: 'image/jpeg', quality })
      : await new Promise<Blob>((resolve, reject) =>
          surface.toBlob((blob) => (blob ? resolve(blob) : reject(new PhotoProblem('failed'))), 'image/jpeg', quality)
        )
  }
}

/** PhotoProblem `not_a_picture` for what this device cannot decode, `failed` where it cannot draw. */
export async function preparePhoto(file: Blob, ports: PhotoPorts = browser): Promise<Prepared> {
  if (file.size === 0 || file.size > LARGEST_FILE) throw new PhotoProblem('not_a_picture')
  const bitmap = await ports.decode(file).catch(() => {
    throw new PhotoProblem('not_a_picture')
  })
  try {
    const { width, height } = within(bitmap, LONG_SIDE)
    const small = within(bitmap, THUMB_SIDE)
    const whole = await packed(ports.draw(bitmap, width, height, QUALITY))
    const thumb = await packed(ports.draw(bitmap, small.width, small.height, THUMB_QUALITY))
    const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)))
    return { fields: { hash, size: whole.length, type: 'image/jpeg', width, height }, whole, thumb }
  } finally {
    bitmap.close()
  }
}

/** The size in the same form whose longer side has at most so many pixels. Never larger than it is. */
export function within({ width, height }: { width: number; height: number }, side: number): { width: number; height: number } {
  const ratio = Math.min(1, side / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) }
}

async function packed(drawn: Promise<Blob>): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await drawn
  // Browsers pack as PNG what they cannot pack as asked.
  if (blob.type !== 'image/jpeg') throw new PhotoProblem('failed')
  return new Uint8Array(await blob.arrayBuffer())
}

function inPage(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  return canvas
}
