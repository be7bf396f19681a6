/** The faces of the kinds in `all.ts`, by name. */
import * as all from './all'
import type { KindFace } from './face'

const faces: ReadonlyMap<string, KindFace> = new Map(Object.values(all).map((face: KindFace) => [face.name, face]))

/** The face of a kind, or undefined for a kind that is newer than this app: it can be listed, not written. */
export function faceOf(kind: string): KindFace | undefined {
  return faces.get(kind)
}
