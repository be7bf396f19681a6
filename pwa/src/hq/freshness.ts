/** How old what headquarters knows of a dealer is. A tablet may be away for two weeks: a day is fresh, a week is not worrying. */
import { isChinese } from './locale'
import { msOf } from './story'
import type { When } from './wire'

const HOUR = 3_600_000
const DAY = 24 * HOUR
export type Freshness = 'fresh' | 'aged' | 'stale' | 'never'

export function freshness(at: When | null | undefined, now = Date.now()): Freshness {
  const ms = msOf(at)
  if (!ms) return 'never'
  const age = now - ms
  if (age < 36 * HOUR) return 'fresh'
  return age < 7 * DAY ? 'aged' : 'stale'
}

const steps: [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [HOUR, 60_000, 'minute'],
  [36 * HOUR, HOUR, 'hour'],
  [60 * DAY, DAY, 'day'],
  [Infinity, 30 * DAY, 'month']
]

/** "5 minutes ago", "3 days ago". */
export function sayAgo(at: When, now = Date.now()): string {
  const age = Math.max(0, now - msOf(at))
  const [, size, unit] = steps.find(([limit]) => age < limit) ?? steps[3]!
  const format = new Intl.RelativeTimeFormat(isChinese() ? 'zh-CN' : 'en-GB', { numeric: 'auto' })
  return format.format(-Math.floor(age / size), unit)
}
