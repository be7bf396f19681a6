/** Between plain values of the screens and values of an Automerge document. Runs where Automerge is loaded. */
import * as A from '@automerge/automerge/slim'
import type { Json, JsonObject } from './types'

/** True when the path is one of the patterns; `*` is exactly one step. */
export function isProse(prose: readonly string[], path: readonly (string | number)[]): boolean {
  return prose.some((pattern) => {
    const steps = pattern.split('/')
    return steps.length === path.length && steps.every((step, i) => step === '*' || step === String(path[i]))
  })
}

/**
 * What is put into the document for a plain value: scalar strings, but for prose; whole numbers as integers (Automerge writes
 * a bare number inside a new map as a float). Throws RangeError for a number that JSON has not.
 */
export function toStored(value: Json, path: readonly (string | number)[], prose: readonly string[]): unknown {
  if (typeof value === 'string') return isProse(prose, path) ? value : new A.ImmutableString(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${path.join('/')} is not a number`)
    return Number.isSafeInteger(value) ? new A.Int(value) : value
  }
  if (Array.isArray(value)) return value.map((each, i) => toStored(each, [...path, i], prose))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => [key, toStored(each, [...path, key], prose)])
    )
  }
  return value
}

/** A plain copy, safe to post to a page. Bytes become base64, dates ISO strings, as the server reads them. */
export function toPlain(value: unknown): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value
  if (A.isImmutableString(value)) return value.toString()
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value))
  if (A.isCounter(value)) return value.value
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, toPlain(each)])) as JsonObject
  }
  return String(value)
}
