/**
 * A document that is written field by field, on a form that any moment may end: what is typed is on the device a quarter of a second
 * later, and at once when the field is left or the app is put away.
 */
import { onScopeDispose, type MaybeRefOrGetter } from 'vue'
import { useDocument, type DocumentView, type Edit, type Json } from '../store'

const PAUSE_MS = 250

export interface Entry<Content> extends DocumentView<Content> {
  /** Sets one value, at once. */
  set: (path: string, value: Json) => Promise<boolean>
  /** Sets several values as one change. */
  write: (what: string, edits: Edit[]) => Promise<boolean>
  /** Keeps what is being typed: a line of text, or prose. */
  type: (path: string, value: string, prose?: boolean) => void
  /** Writes what was typed and not yet kept. */
  flush: () => Promise<void>
}

export function useEntry<Content>(document: MaybeRefOrGetter<string | null | undefined>): Entry<Content> {
  const view = useDocument<Content>(document)
  const typed = new Map<string, Edit>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: Promise<unknown> = Promise.resolve()

  /** One change after the other: what is written later stands. */
  function inTurn(what: string, edits: Edit[]): Promise<boolean> {
    const next = last.then(() => view.change(what, edits))
    last = next.catch(() => undefined)
    return next
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    if (typed.size) {
      const edits = [...typed.values()]
      typed.clear()
      await inTurn('typed', edits)
    }
    await last
  }

  const hidden = (): void => {
    if (globalThis.document.visibilityState === 'hidden') void flush()
  }
  const leaving = (): void => void flush()
  addEventListener('pagehide', leaving)
  globalThis.document.addEventListener('visibilitychange', hidden)
  onScopeDispose(() => {
    removeEventListener('pagehide', leaving)
    globalThis.document.removeEventListener('visibilitychange', hidden)
    void flush()
  })

  return {
    ...view,
    flush,
    async write(what, edits) {
      await flush()
      return await inTurn(what, edits)
    },
    async set(path, value) {
      await flush()
      return await inTurn('set', [{ op: 'set', path, value }])
    },
    type(path, value, prose = false) {
      typed.set(path, { op: prose ? 'text' : 'set', path, value })
      clearTimeout(timer)
      timer = setTimeout(leaving, PAUSE_MS)
    }
  }
}
