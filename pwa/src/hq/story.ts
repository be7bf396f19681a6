/** All that happened to an entry, in one line of time: what was written, what headquarters did, what was decided. */
import type { Change, Command, Decision, Detail, When } from './wire'

export type Step =
  | { kind: 'changes'; at: number; received: number; changes: Change[]; who: string; device: string }
  | { kind: 'command'; at: number; command: Command }
  | { kind: 'decision'; at: number; decision: Decision }

export const msOf = (at: When | null | undefined): number => {
  if (at === null || at === undefined || at === '') return 0
  const value = typeof at === 'number' ? at : Date.parse(at)
  return Number.isNaN(value) ? 0 : value
}

const TOGETHER_MS = 15 * 60_000

/**
 * Changes that one device sent and one person made within a quarter of an hour are one step. Newest first. What arrived stands at
 * the time of its arrival, since that is when headquarters could know of it.
 */
export function storyOf(detail: Detail): Step[] {
  const steps: Step[] = []
  for (const change of [...detail.changes].sort((a, b) => msOf(a.received_at) - msOf(b.received_at) || msOf(a.at) - msOf(b.at))) {
    const who = change.account_name ?? ''
    const device = change.device_name ?? change.device ?? ''
    const last = steps.at(-1)
    const at = msOf(change.at) || msOf(change.received_at)
    if (last?.kind === 'changes' && last.who === who && last.device === device && at - last.at < TOGETHER_MS && msOf(change.received_at) - last.received < TOGETHER_MS) {
      last.changes.push(change)
      last.at = Math.max(last.at, at)
      last.received = msOf(change.received_at)
    } else steps.push({ kind: 'changes', at, received: msOf(change.received_at), changes: [change], who, device })
  }
  for (const command of detail.commands) steps.push({ kind: 'command', at: msOf(command.at), command })
  for (const decision of detail.decisions) steps.push({ kind: 'decision', at: msOf(decision.at), decision })
  const rank = { changes: 0, command: 1, decision: 2 }
  const when = (step: Step): number => (step.kind === 'changes' ? step.received : step.at)
  return steps.sort((a, b) => when(b) - when(a) || rank[b.kind] - rank[a.kind])
}

const causes = ['change', 'command', 'balance'] as const

/** Why it was decided then: a change came, headquarters did something, or a balance that it waited for moved. */
export function causeOf(decision: Decision): (typeof causes)[number] | null {
  const cause = (decision.cause ?? '').split(':')[0]
  return causes.find((each) => each === cause) ?? null
}
