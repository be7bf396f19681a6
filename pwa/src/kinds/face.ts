/** What the local store must know of a kind of document; `all.ts` lists them. No Vue, no IO: it runs in workers. */
import type { JsonObject, RowFields } from '../store/types'

export interface KindFace {
  name: string
  /** Schema version that new documents are written in. */
  schema: number
  /** Paths of collaborative prose (`*` is one step). Every other string is one value, set as a whole. */
  prose: readonly string[]
  /** Top-level field that receives the next number of this device when a document is created. */
  numbered: string | null
  /** The list row of a content, as the server's `row` makes it. */
  row(content: JsonObject): RowFields
}
