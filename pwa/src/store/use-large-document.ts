/**
 * A document with thousands of entries, of which a person changes one at a time. Its content is read when it comes from elsewhere, and
 * not after each of the person's own small changes: the screen keeps an index of it and enters those itself.
 */
import { onScopeDispose, ref, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { useLive } from './live-query'
import { WorkerProblem } from './rpc'
import { changeDocument, database, openDocument, writeDocument } from './store'
import type { Decision, Edit, JsonObject, Opened, Row } from './types'

export interface LargeDocument {
  row: ShallowRef<Row | null>
  decision: ShallowRef<Decision | null>
  /** The last problem's code, or null. */
  problem: Ref<string | null>
  /** One small change; true once it is durable. */
  write: (what: string, edits: Edit[]) => Promise<boolean>
  /** A change of the document as a whole (its stage): the content is read again. */
  change: (what: string, edits: Edit[]) => Promise<boolean>
}

/** `read` gets the whole content, and the small changes that were made after it was asked for. */
export function useLargeDocument<Content = JsonObject>(
  id: MaybeRefOrGetter<string>,
  read: (content: Content, since: readonly Edit[][]) => void
): LargeDocument {
  const key = (): string => toValue(id)
  const problem = ref<string | null>(null)
  const row = useLive(key, async (now) => (await database.rows.get(now)) ?? null, null as Row | null)
  const decision = useLive(
    key,
    async (now) => ((await database.records.get(['decision', now]))?.body as unknown as Decision | undefined) ?? null,
    null as Decision | null
  )
  const stored = useLive(key, async (now) => ({ id: now, revision: (await database.documents.get(now))?.revision ?? -1 }), { id: '', revision: -1 })
  /** The revision that the screen shows, and what is on its way to the worker. */
  let shown = { id: '', revision: -1 }
  let writing = 0
  let since: Edit[][] | null = null
  let ended = false
  onScopeDispose(() => (ended = true))

  async function follow(): Promise<void> {
    const { id: now, revision } = stored.value.value
    if (ended || writing > 0 || since !== null || now === '' || now !== key()) return
    if (revision < 0) problem.value = 'document_unknown'
    else if (shown.id !== now || shown.revision < revision) await open(now)
  }

  async function open(now: string): Promise<void> {
    since = []
    try {
      show(await openDocument<Content>(now))
    } catch (thrown) {
      fail(thrown)
    } finally {
      since = null
    }
    void follow()
  }

  function show(opened: Opened<Content>): void {
    if (ended || opened.id !== key()) return
    shown = { id: opened.id, revision: opened.revision }
    if (problem.value === 'document_unknown') problem.value = null
    read(opened.content, since ?? [])
  }

  function fail(thrown: unknown): void {
    problem.value = thrown instanceof WorkerProblem ? thrown.code : 'broken'
    if (!(thrown instanceof WorkerProblem)) console.error(thrown)
  }

  watch(stored.value, () => void follow())

  async function write(what: string, edits: Edit[]): Promise<boolean> {
    writing++
    since?.push(edits)
    try {
      const { revision, between } = await writeDocument(key(), what, edits)
      if (!between && revision === shown.revision + 1) shown.revision = revision
      problem.value = null
      return true
    } catch (thrown) {
      // What stands on the screen is not what is kept: it is read again.
      shown.revision = -1
      fail(thrown)
      return false
    } finally {
      writing--
      void follow()
    }
  }

  async function change(what: string, edits: Edit[]): Promise<boolean> {
    try {
      show(await changeDocument<Content>(key(), what, edits))
      problem.value = null
      return true
    } catch (thrown) {
      fail(thrown)
      return false
    }
  }

  return { row: row.value, decision: decision.value, problem, write, change }
}
