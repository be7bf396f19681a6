/** The kinds of documents that this app can write. A new kind adds its line here. */
import type { KindFace } from './face'
import { face as order } from './order/face'

const faces: ReadonlyMap<string, KindFace> = new Map([order].map((face) => [face.name, face]))

/** The face of a kind, or undefined for a kind that is newer than this app: it can be listed, not written. */
export function faceOf(kind: string): KindFace | undefined {
  return faces.get(kind)
}
