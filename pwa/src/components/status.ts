/** The one status that an entry wears, the same everywhere: its icon, its word (`words.status.*`) and its tone. */
import type { Row } from '../store'
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

/**
 * on this device -> stored at headquarters -> decided. A draft is a draft wherever it lies; what is not sent yet is on this
 * device even if something older of it was decided.
 */
export function statusOf(row: Pick<Row, 'status' | 'verdict' | 'refused' | 'fields'>): Status {
  if (row.refused > 0) return 'attention'
  if (row.fields['stage'] === 'draft') return 'draft'
  if (row.status === 'device') return 'local'
  if (row.status === 'decided' && row.verdict && row.verdict !== 'draft') return row.verdict
  return row.fields['stage'] === 'withdrawn' ? 'withdrawn' : 'stored'
}
