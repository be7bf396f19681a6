/** The form of a command, made from the list of its params: what is asked, what was filled in, and what is sent. */
import type { ParamField } from '../generated/commands'
import { parseQuantity } from '../kinds/quantity'
import { productName } from './detail'
import type { Detail, Figures } from './wire'

export type Filled = Record<string, unknown>

/** A line that a param speaks of: its key and what stands in it. */
export interface FormLine {
  key: string
  title: string
  figures: Figures
}

/** Forms ask for no photos, and for no moment that the server knows better. */
const UNASKED = new Set(['photos', 'opened_at', 'number', 'place'])
export const asked = (fields: readonly ParamField[]): ParamField[] => fields.filter((field) => !UNASKED.has(field.name))

/** The lines that a `map` or `list` is filled in for. Those of the decision go first: they say what is open. */
export function formLines(detail: Detail | null, field: ParamField): FormLine[] {
  const figures = detail?.decision?.figures ?? {}
  const from = field.name === 'products' ? figures.differences : (figures.lines ?? detail?.content?.lines)
  const content = (detail?.content?.lines ?? {}) as Record<string, Figures>
  return Object.entries((from ?? {}) as Record<string, Figures>)
    .filter(([, line]) => line.open !== false)
    .map(([key, line]) => {
      const product = String(line.product ?? content[key]?.product ?? key)
      return { key, title: productName(detail, product), figures: { ...content[key], ...line } }
    })
}

/** Which of the choices make sense for a line of a receipt: what is short cannot stay as it is, what is too much cannot be lost. */
export function choicesFor(field: ParamField, line: FormLine): readonly string[] {
  const choices = field.choices ?? []
  if (!('short' in line.figures)) return choices
  const short = parseQuantity(String(line.figures.short)) ?? 0n
  const amount = short + (parseQuantity(String(line.figures.damaged)) ?? 0n)
  const shipped = parseQuantity(String(line.figures.shipped)) ?? 0n
  const possible: Record<string, boolean> = { lost: short !== 0n, credit: amount !== 0n && shipped !== 0n, resend: amount > 0n && short >= 0n, accept: short === 0n }
  return choices.filter((choice) => possible[choice] ?? true)
}

const given = (value: unknown): boolean => value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && !value.length)

function one(field: ParamField, value: unknown): unknown {
  if (field.sort === 'map') {
    const inner = field.of?.[0]
    const entries = Object.entries((value ?? {}) as Filled)
      .map(([key, each]) => [key, inner ? one(inner, each) : each] as const)
      .filter(([, each]) => given(each))
    return entries.length ? Object.fromEntries(entries) : undefined
  }
  if (field.sort === 'group') {
    const entries = (field.of ?? []).map((inner) => [inner.name, one(inner, ((value ?? {}) as Filled)[inner.name])] as const).filter(([, each]) => given(each))
    return entries.length ? Object.fromEntries(entries) : undefined
  }
  if (field.sort === 'number') return given(value) ? Number(value) : undefined
  if (field.sort === 'quantity') {
    const text = String(value ?? '').trim()
    return text && parseQuantity(text) === null ? null : text || undefined
  }
  return typeof value === 'string' ? value.trim() : value
}

const wrong = (value: unknown): boolean => value === null || (typeof value === 'object' && value !== null && Object.values(value).some(wrong))

/** The params as they are sent; null while something that must be there is not, or is no such thing. */
export function paramsOf(fields: readonly ParamField[], filled: Filled): Figures | null {
  const params: Figures = {}
  for (const field of fields) {
    const value = one(field, filled[field.name])
    if (wrong(value)) return null
    if (given(value)) params[field.name] = value
    else if (field.required) return null
  }
  return params
}
