/** What needs a person, most urgent first, and apart from it what headquarters tells. */
import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { named } from '../product/product'
import { useCatalogue } from '../product/use-catalogue'
import { getRecord, putAway, putAwayNotice, useAttention, useRows, type Decision, type Row, type StoredRecord } from '../../store'
import type { IconName } from '../../theme/icons'
import { screenOf, screenOfNotice } from '../screens'
import { sayNotice, sayReason, sayRefusal } from './text'

export interface Need {
  key: string
  kind: 'notTaken' | 'competing' | 'case' | 'recount' | 'refused' | 'held' | 'in_part' | 'notice'
  icon: IconName
  tone: 'bad' | 'warn' | 'part' | 'stored'
  title: string
  text: string
  at: number | string | null
  document: string | null
  number: string | null
  /** Name of the screen that shows the document; an order's, where it is not said. */
  screen?: string | undefined
  /** Takes it off the list; null for what stays until it is settled. */
  putAway: (() => Promise<void>) | null
}

/** Body of a record `notice`. */
interface Told {
  document: string
  kind: string
  code: string
  params: Record<string, unknown>
  at?: number
}

/** What a notice tells of: its entry, else what lies where; a payment is told of once. */
function subjectOf({ key, body }: StoredRecord<Told>): string {
  if (body.document) return body.document
  return screenOfNotice(body.code) === 'stock' ? `${String(body.params['location'])}/${String(body.params['product'])}` : key
}

const looks = {
  refused: { icon: 'refused', tone: 'bad' },
  held: { icon: 'held', tone: 'warn' },
  in_part: { icon: 'part', tone: 'part' }
} as const

export function useNeeds(): { needs: ComputedRef<Need[]>; news: ComputedRef<Need[]> } {
  const { t, locale } = useI18n()
  const catalogue = useCatalogue()
  const { attention } = useAttention()
  /** Held or asked about: whoever wrote it. Refused or in part: what was written here and not read yet. */
  const { rows: open } = useRows('order', {
    where: (row) =>
      row.seen !== row.verdict && (row.verdict === 'held' || ((row.verdict === 'refused' || row.verdict === 'in_part') && row.mine === 1))
  })
  const { rows: recounts } = useRows('stock_count', { where: (row) => row.fields['recount'] === true && row.fields['stage'] === 'closed' })
  const { rows: asked } = useRows('order', { where: (row) => row.fields['case'] === true })

  const decisions = shallowRef(new Map<string, Decision>())
  watch(
    open,
    async (rows) => {
      const found = await Promise.all(rows.map(async (row) => [row.document, await getRecord<Decision>('decision', row.document)] as const))
      decisions.value = new Map(found.flatMap(([document, decision]) => (decision ? [[document, decision]] : [])))
    },
    { immediate: true }
  )

  const saying = (currency?: string | null) => ({
    currency: currency ?? catalogue.currency.value,
    productName: (id: string) => named(catalogue.product(id)?.name, locale.value) || id
  })

  function decided(row: Row): Need {
    const verdict = row.verdict as keyof typeof looks
    const decision = decisions.value.get(row.document)
    const reason = decision?.reasons[0]
    return {
      key: `decided:${row.document}`, kind: verdict, ...looks[verdict], title: t(`words.status.${verdict}`),
      text: reason ? sayReason(reason, saying(row.fields.currency)) : t(`words.said.${verdict}`),
      at: decision?.at ?? row.updated, document: row.document, number: row.fields.number,
      putAway: () => putAway(row.document, row.verdict)
    }
  }

  const needs = computed<Need[]>(() => [
    ...attention.value.refused.map(({ row, changes }): Need => ({
      key: `refused:${row.document}`, kind: 'notTaken', icon: 'error', tone: 'bad', title: t('shell.attention.notTaken'),
      text: sayRefusal(changes[0]?.code ?? ''), at: row.updated, document: row.document, number: row.fields.number,
      screen: screenOf(row.kind), putAway: () => putAway(row.document)
    })),
    ...attention.value.competing.map((row): Need => ({
      key: `competing:${row.document}`, kind: 'competing', icon: 'competing', tone: 'warn', title: t('shell.attention.competing'),
      text: t('shell.attention.competingText'), at: row.updated, document: row.document, number: row.fields.number,
      screen: screenOf(row.kind), putAway: null
    })),
    ...asked.value.map((row): Need => ({
      key: `case:${row.document}`, kind: 'case', icon: 'warning', tone: 'warn', title: t('shell.attention.cases'),
      text: t('shell.attention.casesText'), at: row.updated, document: row.document, number: row.fields.number, putAway: null
    })),
    ...recounts.value.map((row): Need => ({
      key: `recount:${row.document}`, kind: 'recount', icon: 'history', tone: 'warn', title: t('stock_count.recount'),
      text: t('stock_count.recountText'), at: row.updated, document: row.document, number: row.fields.number, screen: 'count', putAway: null
    })),
    ...open.value.map(decided)
  ])

  const news = computed<Need[]>(() => {
    const seen = new Set<string>()
    const told = (attention.value.notices as unknown as StoredRecord<Told>[]).map((notice) => ({ notice, at: notice.body.at ?? notice.received }))
    return told
      .sort((a, b) => b.at - a.at)
      .filter(({ notice }) => !seen.has(subjectOf(notice)) && seen.add(subjectOf(notice)))
      .map(({ notice, notice: { key, body }, at }): Need => ({
        key: `notice:${key}`, kind: 'notice', icon: 'notice', tone: 'stored', title: '',
        text: sayNotice(body.code, body.params, saying(typeof body.params['currency'] === 'string' ? body.params['currency'] : null)),
        at, document: screenOf(body.kind) ? body.document : null, screen: screenOf(body.kind) ?? screenOfNotice(body.code), number: null,
        // The older ones about the same go with it.
        putAway: async () => {
          const about = subjectOf(notice)
          await Promise.all(told.filter((each) => subjectOf(each.notice) === about).map((each) => putAwayNotice(each.notice.key)))
        }
      }))
  })

  return { needs, news }
}
