/** What each key of the quantity keypad does to the text that stands there. */
import { formatQuantity, parseQuantity } from '../kinds/quantity'

export type Key = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '.' | 'erase' | 'clear' | 'plus' | 'minus'

const MOST = 999_999_999_999n

/** The thousandths that the text stands for; what is still being typed ("", "3.") counts as what it says so far. */
export function valueOf(text: string): bigint {
  return parseQuantity(text.endsWith('.') ? text.slice(0, -1) : text || '0') ?? 0n
}

/**
 * The text after a key. `fresh`: the next digit replaces what stands there, as on a calculator. `step` (thousandths) is
 * what one more or one less means. Nine digits before the point and three after it are the most.
 */
export function press(text: string, key: Key, fresh: boolean, step: bigint): string {
  if (key === 'clear') return ''
  if (key === 'plus' || key === 'minus') {
    const next = valueOf(text) + (key === 'plus' ? step : -step)
    return formatQuantity(next < 0n ? 0n : next > MOST ? MOST : next)
  }
  if (key === 'erase') return fresh ? '' : text.slice(0, -1)
  const before = fresh ? '' : text
  if (key === '.') return before.includes('.') ? before : `${before || '0'}.`
  const typed = before === '0' ? key : before + key
  const [whole = '', fraction] = typed.split('.')
  if (whole.length > 9 || (fraction?.length ?? 0) > 3) return before
  return typed
}
