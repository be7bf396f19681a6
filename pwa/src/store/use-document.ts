/** One document, as it stands here and as it changes. */
import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { useLive } from './live-query'
import { WorkerProblem } from './rpc'
import { changeDocument, database, documentHistory, openDocument } from './store'
import type { Conflict, Decision, Edit, HistoryEntry, Json, JsonObject, Opened, Row } from './types'

export interface DocumentView<Content> {
  /** Null until it is opened, which takes milliseconds. Replaced as a whole, never changed in place. */
  content: ShallowRef<Content | null>
  /** Places where two people set different values at once. */
  conflicts: ShallowRef<Conflict[]>
  /** Status, verdict, counts. */
  row: ShallowRef<Row | null>
  decision: ShallowRef<Decision | null>
  /** The last problem's code (`document_unknown`, `place_gone`, `document_refused`, `storage_full` …), or null. */
  problem: Ref<string | null>
  /** One change of all `edits`; false when it was not made: see `problem`. */
  change: (what: string, edits: Edit[]) => Promise<boolean>
  /** Settles competing values: sets this one again. */
  choose: (path: string, value: Json) => Promise<boolean>
  history: () => Promise<HistoryEntry[]>
}

export function useDocument<Content = JsonObject>(id: MaybeRefOrGetter<string | null | undefined>): DocumentView<Content> {
  const content = shallowRef<Content | null>(null)
  const conflicts = shallowRef<Conflict[]>([])
  const problem = ref<string | null>(null)
  const key = (): string => toValue(id) ?? ''
  let shown = { id: '', revision: -1 }
  let ended = false
  onScopeDispose(() => (ended = true))

  const row = useLive(key, async (now) => (await database.rows.get(now)) ?? null, null as Row | null)
  const decision = useLive(
    key,
    async (now) => ((await database.records.get(['decision', now]))?.body as unknown as Decision | undefined) ?? null,
    null as Decision | null
  )
  const revision = useLive(key, async (now) => ({ id: now, revision: (await database.documents.get(now))?.revision ?? -1 }), { id: '', revision: -1 })

  function show(opened: Opened<Content>): void {
    if (ended || opened.id !== key()) return
    if (shown.id === opened.id && opened.revision < shown.revision) return
    shown = { id: opened.id, revision: opened.revision }
    content.value = opened.content
    conflicts.value = opened.conflicts
  }

  function fail(thrown: unknown): void {
    problem.value = thrown instanceof WorkerProblem ? thrown.code : 'broken'
    if (!(thrown instanceof WorkerProblem)) console.error(thrown)
  }

  watch(key, () => {
    content.value = null
    conflicts.value = []
    problem.value = null
    shown = { id: '', revision: -1 }
  })

  watch(revision.value, async (now) => {
    if (now.id === '' || now.id !== key()) return
    if (now.revision < 0) {
      problem.value = 'document_unknown'
      return
    }
    if (shown.id === now.id && shown.revision === now.revision) return
    try {
      show(await openDocument<Content>(now.id))
      if (problem.value === 'document_unknown') problem.value = null
    } catch (thrown) {
      fail(thrown)
    }
  })

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

  return {
    content,
    conflicts,
    row: row.value,
    decision: decision.value,
    problem,
    change,
    choose: (path, value) => change('value_chosen', [{ op: 'set', path, value }]),
    history: () => documentHistory(key())
  }
}
