/** Who made a change, when, and what they said they were doing. */
import * as A from '@automerge/automerge/slim'
import type { Identity } from './types'

export interface Authorship {
  hash: string
  actor: string
  device: string
  mine: boolean
  by: string | null
  what: string
  at: number | null
  deps: string[]
  startOp: number
  maxOp: number
}

const BETWEEN = ' · '

/** The message of a change: the act, and the name of who did it, because a device may be handed on. */
export function messageOf(what: string, identity: Identity): string {
  return `${what}${BETWEEN}${identity.name}`
}

export function readMessage(message: string | null): { what: string; by: string | null } {
  const text = message ?? ''
  const at = text.indexOf(BETWEEN)
  return at < 0 ? { what: text, by: null } : { what: text.slice(0, at), by: text.slice(at + BETWEEN.length) || null }
}

/** Every change of the document, dependencies first. */
export function authorships(doc: A.Doc<unknown>, identity: Identity): Authorship[] {
  return A.getChangesMetaSince(doc, []).map((change) => {
    const device = change.actor.slice(0, 16)
    return {
      ...readMessage(change.message),
      hash: change.hash,
      actor: change.actor,
      device,
      mine: device === identity.device,
      at: change.time > 0 ? change.time * 1000 : null,
      deps: change.deps,
      startOp: change.startOp,
      maxOp: change.maxOp
    }
  })
}

/** The change that made the operation `<counter>@<actor>`. */
export function authorOf(all: readonly Authorship[], operation: string): Authorship | undefined {
  const [counter, actor] = operation.split('@')
  const n = Number(counter)
  return all.find((change) => change.actor === actor && change.startOp <= n && n <= change.maxOp)
}

/** True when the change chunk was made on that device. */
export function isBy(chunk: Uint8Array, device: string): boolean {
  return A.decodeChange(chunk).actor.startsWith(device)
}
