/** The list row of a document that nothing is known of yet. */
import type { Row } from './types'

export function blankRow(document: string, kind: string, scope: string): Row {
  return {
    document,
    kind,
    scope,
    fields: { number: null, title: null, total: null, currency: null, at: null },
    at: '',
    status: 'device',
    verdict: null,
    waiting: 0,
    refused: 0,
    conflicts: 0,
    mine: 1,
    seen: null,
    updated: 0
  }
}
