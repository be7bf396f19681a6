/** The one status that an entry wears, the same everywhere: its icon, its word (`words.status.*`) and its tone. */
import type { IconName } from '../theme/icons'

export const statuses = [
  'local', 'stored', 'draft', 'accepted', 'held', 'refused', 'withdrawn', 'in_part', 'closed', 'attention'
] as const
export type Status = (typeof statuses)[number]
export type Tone = 'local' | 'stored' | 'good' | 'warn' | 'bad' | 'part'

export const statusLook: Record<Status, { icon: IconName; tone: Tone }> = {
  local: { icon: 'local', tone: 'local' },
  stored: { icon: 'stored', tone: 'stored' },
  draft: { icon: 'draft', tone: 'local' },
  accepted: { icon: 'accepted', tone: 'good' },
  held: { icon: 'held', tone: 'warn' },
  refused: { icon: 'refused', tone: 'bad' },
  withdrawn: { icon: 'withdrawn', tone: 'local' },
  in_part: { icon: 'part', tone: 'part' },
  closed: { icon: 'closed', tone: 'good' },
  attention: { icon: 'error', tone: 'bad' }
}

export interface Standing {
  /** What the content says: draft, submitted, withdrawn. */
  stage?: string | undefined
  /** What headquarters said last; '' before it said anything. */
  verdict?: string | undefined
  /** Changes that headquarters has not acknowledged. */
  waiting: boolean
  /** A change of this entry was refused by the sync. */
  refusedChange?: boolean | undefined
  /** The decision was made on what the device shows now. */
  current?: boolean | undefined
}

/**
 * on this device -> stored at headquarters -> decided. A draft is a draft wherever it lies; what is not sent yet is on
 * this device even if something older of it was decided.
 */
export function statusOf(entry: Standing): Status {
  if (entry.refusedChange) return 'attention'
  if (entry.stage === 'draft') return 'draft'
  if (entry.waiting) return 'local'
  const verdict = statuses.find((status) => status === entry.verdict)
  if (!verdict || verdict === 'draft' || entry.current === false) return entry.stage === 'withdrawn' ? 'withdrawn' : 'stored'
  return verdict
}
