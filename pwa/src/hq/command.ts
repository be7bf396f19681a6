/**
 * One act of headquarters, from its panel to its outcome. The key is made when the panel opens and stays while the outcome is
 * unknown, so that trying again can never do it twice. After a clear refusal the next attempt is a new act with a new key.
 */
import { ref, shallowRef } from 'vue'
import { i18n } from '../i18n/i18n'
import { ask, HqProblem } from './api'
import { sayProblem } from './say'
import { tell } from './toast'
import type { CommandAnswer, Figures } from './wire'

export interface Act {
  kind: string
  document: string | null
  name: string
  params: Figures
}

export type ActState = 'ready' | 'sending' | 'uncertain' | 'refused' | 'done'

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function useCommand() {
  const state = ref<ActState>('ready')
  const problem = shallowRef<HqProblem | null>(null)
  const answer = shallowRef<CommandAnswer | null>(null)
  let key = newKey()
  let last: Act | null = null

  async function run(act: Act): Promise<CommandAnswer | null> {
    if (state.value === 'sending' || state.value === 'done') return null
    // While the outcome is unknown, what is sent again is what was sent before: the same key must not carry another body.
    const sent = state.value === 'uncertain' && last ? last : act
    last = sent
    state.value = 'sending'
    problem.value = null
    try {
      answer.value = await ask<CommandAnswer>('POST', '/hq/commands', { key, ...sent })
      state.value = 'done'
      return answer.value
    } catch (error) {
      const told = error instanceof HqProblem ? error : new HqProblem(0, 'unreadable', String(error))
      problem.value = told
      if (told.uncertain || told.signedOut || told.status === 429) {
        state.value = 'uncertain'
      } else {
        state.value = 'refused'
        key = newKey()
      }
      return null
    }
  }

  function reset(): void {
    key = newKey()
    last = null
    state.value = 'ready'
    problem.value = null
    answer.value = null
  }

  return { state, problem, answer, run, reset }
}

/** Takes back what a command made (a payment, a receipt) by its reversal, and says how that went. */
export async function takeBack(kind: string, made: CommandAnswer): Promise<void> {
  const { t } = i18n.global
  const params = { reason: t('hq.outcome.undoReason') }
  const body = { key: newKey(), kind, document: made.document, name: 'reverse', params }
  try {
    await ask<CommandAnswer>('POST', '/hq/commands', body)
    tell(t('hq.outcome.undone'))
  } catch (error) {
    const again = error instanceof HqProblem && error.uncertain ? () => void takeBack(kind, made) : undefined
    tell(`${t('hq.outcome.notUndone')} ${error instanceof HqProblem ? sayProblem(error) : ''}`, again)
  }
}
