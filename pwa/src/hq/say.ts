/** What the server said, in the reader's words. */
import { COMMAND_REFUSALS, type ParamType } from '../generated/reasons'
import { day, quantity } from '../i18n/format'
import { i18n } from '../i18n/i18n'
import { sayReason, type Saying } from '../kinds/order/text'
import type { HqProblem } from './api'
import { productName } from './detail'
import { choiceLabel } from './kinds'
import type { Detail, Figures } from './wire'

const general = new Set(['unreadable', 'key_reused', 'forbidden'])

/** One sentence for what went wrong with an act. */
export function sayProblem(problem: HqProblem, saying?: Saying): string {
  const { t, te } = i18n.global
  if (problem.signedOut) return t('hq.problems.signed_out')
  if (problem.code === 'network') return t('hq.problems.no_answer')
  if (general.has(problem.code)) return t(`hq.problems.${problem.code}`)
  if (problem.status === 429 || problem.status === 503) return t('hq.problems.busy')
  if (problem.status >= 500) return t('hq.problems.failed', { code: problem.code })
  if (te(`desk.problems.${problem.code}`)) return t(`desk.problems.${problem.code}`)
  if (te(`hq.refusals.${problem.code}`)) return t(`hq.refusals.${problem.code}`, written(problem.code, problem.figures))
  if (te(`refusals.${problem.code}`)) return t(`refusals.${problem.code}`, written(problem.code, problem.figures))
  if (te(`reasons.${problem.code}`)) {
    return sayReason({ code: problem.code, params: problem.figures }, saying ?? { currency: 'CNY', productName: (id) => id })
  }
  if (problem.status === 403) return t('hq.problems.forbidden')
  return t('hq.problems.refused', { code: problem.code })
}

/** Figures as people write them, by what the server says they are. */
function written(code: string, figures: Figures): Record<string, string> {
  const { t, te } = i18n.global
  const types = (COMMAND_REFUSALS as Record<string, Record<string, ParamType>>)[code] ?? {}
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => {
      const text = String(value ?? '')
      if (name === 'verdict' && te(`hq.verdicts.${text}`)) return [name, t(`hq.verdicts.${text}`)]
      if (['state', 'stage', 'outcome'].includes(name)) return [name, choiceLabel('', name, text)]
      if (types[name] === 'quantity') return [name, quantity(text)]
      return [name, types[name] === 'date' ? day(text) : text]
    })
  )
}

/** How the figures of a detail's reasons are written: its currency, its products and the people that acted on it. */
export function sayingOf(detail: Detail, currency: string): Saying {
  const people = new Map(detail.commands.map((command) => [command.by, command.by_name ?? command.by]))
  return {
    currency,
    productName: (id) => productName(detail, id),
    dealerName: (id) => (detail.dealer === id || detail.scope === `dealer:${id}` ? (detail.dealer_name ?? id) : id),
    personName: (id) => people.get(id) ?? id
  }
}

/** Why a pushed change was not taken; the wording of the tablet where there is one for headquarters none. */
export function sayRefused(code: string): string {
  const { t, te } = i18n.global
  if (te(`hq.refused.${code}`)) return t(`hq.refused.${code}`)
  return te(`refusals.${code}`) ? t(`refusals.${code}`) : t('hq.refused.other')
}
