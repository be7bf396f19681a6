/** Values that were set at once by several people: both are kept, one is shown, a person chooses. */
import * as A from '@automerge/automerge/slim'
import { authorOf, authorships, type Authorship } from './authorship'
import type { CompetingValue, Conflict, Identity } from './types'
import { toPlain } from './values'

type Node = Record<string | number, unknown>

/** Every place of the document with more than one value standing. Does not look inside values that are not shown. */
export function conflictsOf(doc: A.Doc<unknown>, identity: Identity): Conflict[] {
  const found: Conflict[] = []
  let authors: Authorship[] | null = null
  walk(doc as Node, [], (node, key, path) => {
    const standing = A.getConflicts(node as A.Doc<Node>, key)
    if (!standing || Object.keys(standing).length < 2) return
    authors ??= authorships(doc, identity)
    const values = competing(standing as Record<string, unknown>, JSON.stringify(toPlain(node[key])), authors)
    if (values.length > 1) found.push({ path: path.join('/'), values })
  })
  return found
}

/** The same value set twice needs nobody's choice: it is told once. The shown one comes first. */
function competing(standing: Record<string, unknown>, shown: string, authors: readonly Authorship[]): CompetingValue[] {
  const distinct = new Map<string, CompetingValue>()
  for (const [operation, stored] of Object.entries(standing)) {
    const value = toPlain(stored)
    const text = JSON.stringify(value)
    if (distinct.has(text)) continue
    const author = authorOf(authors, operation)
    distinct.set(text, {
      value,
      device: operation.split('@')[1]?.slice(0, 16) ?? '',
      mine: author?.mine ?? false,
      by: author?.by ?? null,
      at: author?.at ?? null,
      shown: text === shown
    })
  }
  return [...distinct.values()].sort((a, b) => Number(b.shown) - Number(a.shown))
}

type See = (node: Node, key: string | number, path: (string | number)[]) => void

function walk(node: Node, path: (string | number)[], see: See): void {
  const keys: (string | number)[] = Array.isArray(node) ? node.map((_, i) => i) : Object.keys(node)
  for (const key of keys) {
    const here = [...path, key]
    see(node, key, here)
    const value = node[key]
    if (isContainer(value)) walk(value, here, see)
  }
}

function isContainer(value: unknown): value is Node {
  if (value === null || typeof value !== 'object') return false
  return !(A.isImmutableString(value) || value instanceof Uint8Array || value instanceof Date)
}
