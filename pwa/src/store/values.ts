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
 * Puts a plain value into a map or list of the document, inside `A.change`: scalar strings, but for prose; maps and lists step by
 * step, because Automerge writes the zeros and negatives of a map given as a whole as floats. Throws RangeError for NaN and the like.
 */
export function putValue(
  container: Record<string | number, unknown>,
  key: string | number,
  value: Json,
  path: readonly (string | number)[],
  prose: readonly string[]
): void {
  if (Array.isArray(value)) {
    container[key] = []
    const list = container[key] as unknown[]
    value.forEach((each, i) => insertValue(list, i, each, [...path, i], prose))
  } else if (value !== null && typeof value === 'object') {
    container[key] = {}
    const map = container[key] as Record<string, unknown>
    for (const [name, each] of Object.entries(value)) {
      if (each !== undefined) putValue(map, name, each, [...path, name], prose)
    }
  } else {
    container[key] = scalar(value, path, prose)
  }
}

/** The same, before the place `at` of a list. */
export function insertValue(list: unknown[], at: number, value: Json, path: readonly (string | number)[], prose: readonly string[]): void {
  if (value !== null && typeof value === 'object') {
    A.insertAt(list, at, Array.isArray(value) ? [] : {})
    const inner = list[at] as Record<string | number, unknown>
    for (const [name, each] of Object.entries(value)) {
      if (Array.isArray(inner)) insertValue(inner, Number(name), each, [...path, Number(name)], prose)
      else putValue(inner, name, each, [...path, name], prose)
    }
  } else {
    A.insertAt(list, at, scalar(value, path, prose))
  }
}

function scalar(value: null | boolean | number | string, path: readonly (string | number)[], prose: readonly string[]): unknown {
  if (typeof value === 'string') return isProse(prose, path) ? value : new A.ImmutableString(value)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${path.join('/')} is not a number`)
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
