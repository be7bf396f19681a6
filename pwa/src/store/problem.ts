export type StoreProblemCode =
  | 'document_unknown'
  /** Headquarters refused all of it: it can be read and copied, not changed. */
  | 'document_refused'
  | 'kind_unknown'
  | 'not_signed_in'
  | 'nothing_written'
  /** The browser would not keep it: no room. */
  | 'storage_full'

export class StoreProblem extends Error {
  constructor(
    readonly code: StoreProblemCode,
    readonly subject: string
  ) {
    super(`${code}: ${subject}`)
    this.name = 'StoreProblem'
  }
}

/** Dexie wraps what IndexedDB says when there is no room. */
export function isQuota(problem: unknown): boolean {
  if (!(problem instanceof Error)) return false
  const inner: unknown = (problem as { inner?: unknown }).inner
  return problem.name === 'QuotaExceededError' || (inner instanceof Error && inner.name === 'QuotaExceededError')
}
