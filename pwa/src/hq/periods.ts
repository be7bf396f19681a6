/** Days as the books are closed by: whole days here, ending at midnight. */
import { today } from './enter'

/** The midnight after a day, UTC milliseconds. */
export function midnightAfter(iso: string): number {
  const [year = 0, month = 1, date = 1] = iso.split('-').map(Number)
  return new Date(year, month - 1, date + 1).getTime()
}

/** The last day of the month before. */
export const lastMonthsEnd = (now = new Date()): string => today(new Date(now.getFullYear(), now.getMonth(), 0))
