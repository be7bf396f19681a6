/** What must be done to a document to bring it from one content to another, as edits. */
import type { Edit, Json, JsonObject } from './types'
import { isProse } from './values'

/** Edits that make `after` out of `before`. Lists are set as a whole. */
export function editsFrom(before: JsonObject, after: JsonObject, prose: readonly string[], path: string[] = []): Edit[] {
  const edits: Edit[] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const here = [...path, key]
    const place = here.join('/')
    const was = before[key]
    const is = after[key]
    if (is === undefined) edits.push({ op: 'delete', path: place })
    else if (isMap(was) && isMap(is)) edits.push(...editsFrom(was, is, prose, here))
    else if (JSON.stringify(was) === JSON.stringify(is)) continue
    else if (typeof is === 'string' && isProse(prose, here)) edits.push({ op: 'text', path: place, value: is })
    else edits.push({ op: 'set', path: place, value: is })
  }
  return edits
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
