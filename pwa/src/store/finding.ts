/**
 * Whose count of competing values a list row shows. A document that came in is not loaded to be listed: until this device has
 * looked at what stands now, headquarters' count holds; then its own, which also knows what has not been sent yet.
 */
import type { Decision, StoredDocument } from './types'

export function hasLooked(stored: StoredDocument | undefined): boolean {
  return stored !== undefined && stored.looked === stored.revision
}

/** How many competing values the decision tells of. */
export function competingIn(decision: Decision | undefined): number {
  const told = decision?.reasons?.find((reason) => reason.code === 'competing_values')
  if (!told) return 0
  const count = Number(told.params?.count)
  return count > 0 ? count : 1
}
