/** Who changed what, when: each change of a document told against what its author saw. */
import * as A from '@automerge/automerge/slim'
import { authorships } from './authorship'
import type { HistoryEdit, HistoryEntry, Identity, Json, JsonObject } from './types'
import { toPlain } from './values'

type Place = (string | number)[]

/** Oldest first. At most `limit` of the newest changes are told. */
export function historyOf(doc: A.Doc<unknown>, identity: Identity, limit = 500): HistoryEntry[] {
  return authorships(doc, identity)
    .slice(-limit)
    .map((change) => ({
      hash: change.hash,
      at: change.at,
      device: change.device,
      mine: change.mine,
      by: change.by,
      what: change.what,
      edits: editsBetween(doc, change.deps, [change.hash])
    }))
}

/** What differs at `after` from what stood at `before` (heads), by place, whole values once. */
export function editsBetween(doc: A.Doc<unknown>, before: string[], after: string[]): HistoryEdit[] {
  const earlier = contentAt(doc, before)
  const later = contentAt(doc, after)
  const places = new Map<string, { place: Place; text: boolean }>()
  for (const patch of A.diff(doc, before, after)) {
    const text = patch.action === 'splice'
    const place = text || patch.action === 'insert' ? patch.path.slice(0, -1) : patch.path
    const whole = [...places.values()].some((known) => begins(place as Place, known.place))
    if (!whole) places.set(place.join('/'), { place: place as Place, text })
  }
  return [...places.values()].map(({ place, text }) => {
    const was = at(earlier, place)
    const is = at(later, place)
    const op = is === null && !text ? 'delete' : text ? 'text' : 'set'
    return { path: place.join('/'), op, before: was, after: is }
  })
}

function contentAt(doc: A.Doc<unknown>, heads: string[]): JsonObject {
  return heads.length === 0 ? {} : (toPlain(A.view(doc, heads)) as JsonObject)
}

function begins(place: Place, start: Place): boolean {
  return start.every((step, i) => place[i] === step)
}

function at(content: Json, place: Place): Json {
  let here: Json = content
  for (const step of place) {
    if (here === null || typeof here !== 'object') return null
    here = ((here as Record<string | number, Json>)[step] ?? null) as Json
  }
  return here
}
