/** How much of a promised time is left, in words: working time, as the server counted it, going on by the reader's own clock. */
import { i18n } from '../i18n/i18n'
import type { Clock } from './field-wire'
import type { HqIconName } from './icons'

export type Pressure = 'late' | 'soon' | 'calm' | 'stands'
const SOON_MINUTES = 120

export function pressureOf(clock: Clock): Pressure {
  if (clock.stands) return 'stands'
  if (clock.late) return 'late'
  return (clock.minutes ?? 0) <= SOON_MINUTES ? 'soon' : 'calm'
}

export const clockIcons: Record<Pressure, HqIconName> = { late: 'error', soon: 'warning', calm: 'late', stands: 'held' }

/** "2 h 05 min" of working time. */
export function sayMinutes(minutes: number): string {
  const whole = Math.abs(minutes)
  const hours = Math.floor(whole / 60)
  const t = i18n.global.t
  return hours ? t('desk.service.hours', { hours, minutes: String(whole % 60).padStart(2, '0') }) : t('desk.service.minutes', { minutes: whole })
}

export function sayClock(clock: Clock): string {
  const t = i18n.global.t
  if (clock.stands) return t('desk.service.stands')
  const time = sayMinutes(clock.minutes ?? 0)
  return t(clock.late ? `desk.service.late.${clock.what}` : `desk.service.left.${clock.what}`, { time })
}
