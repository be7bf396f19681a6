/** The rows of the list of a kind: the first page live, those after it as they are asked for. */
import { computed, ref, shallowRef, watch } from 'vue'
import { readDocuments } from './field-reads'
import { writeFilters, type DocumentFilters } from './filters'
import { useMarks } from './marks'
import { useQuery } from './query'
import { readOrders } from './reads'
import type { DocumentPage, DocumentRow } from './wire'

/** Orders are asked for at an address of their own. */
const readPage = (kind: string, filters: DocumentFilters, after: string | null, signal?: AbortSignal): Promise<DocumentPage> =>
  kind === 'order' ? readOrders(filters, after, signal) : readDocuments(kind, filters, after, signal)

export function useRows(kind: () => string, filters: () => DocumentFilters) {
  const question = computed(() => `${kind()} ${JSON.stringify(writeFilters(filters()))}`)
  const first = useQuery((signal) => readPage(kind(), filters(), null, signal), { on: () => question.value, keep: true })
  const further = shallowRef<DocumentRow[]>([])
  const next = ref<string | null>(null)
  const rows = computed(() => {
    const page = first.data.value
    // The rows of the kind before stay until the answer is there, but never under another kind's name.
    if (!page || (page.rows[0] && page.rows[0].kind !== kind())) return null
    const seen = new Set(page.rows.map((row) => row.document))
    return [...page.rows, ...further.value.filter((row) => !seen.has(row.document))]
  })
  const counts = computed(() => (rows.value ? (first.data.value?.counts ?? {}) : {}))
  // Only of the first page: what was just read on is no change.
  const marked = useMarks(() => first.data.value?.rows ?? null, (row) => [row.document, `${row.updated_at} ${row.verdict}`], () => question.value)

  watch(question, () => (further.value = []))
  watch(first.data, (page) => {
    if (!further.value.length) next.value = page?.next ?? null
  })

  async function readMore(): Promise<void> {
    const asked = question.value
    const page = await readPage(kind(), filters(), next.value).catch(() => null)
    if (!page || asked !== question.value) return
    further.value = [...further.value, ...page.rows]
    next.value = page.next
  }

  return { rows, counts, marked, next, readMore, problem: first.problem, refetch: first.refetch }
}
