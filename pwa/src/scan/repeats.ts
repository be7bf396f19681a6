/** Which sightings of the camera are scans: a code that stays in view is one, and a weak one must be seen twice alike. */

/** So long a code must have been out of view before it counts anew. */
export const AWAY_MS = 1_500

export class Sightings {
  private readonly seen = new Map<string, number>()
  private doubted = ''

  /** `weak`: of a kind without a check digit, where half a code may read as a whole one. `at`: in milliseconds. */
  isScan(text: string, weak: boolean, at: number): boolean {
    const last = this.seen.get(text)
    if (last !== undefined && at - last < AWAY_MS) {
      this.seen.set(text, at)
      return false
    }
    if (weak && this.doubted !== text) {
      this.doubted = text
      return false
    }
    this.doubted = ''
    this.seen.set(text, at)
    return true
  }
}
