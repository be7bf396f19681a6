/**
 * A barcode scanner that types (a keyboard wedge): faster than a hand can, then Enter or Tab. It is heard wherever no text field
 * has the focus, and in fields that give their scans away (`data-wedge`). Any other field keeps what is typed into it, by whomever.
 * No key of a hand is ever taken.
 */
import { onBeforeUnmount, onMounted } from 'vue'
import { GS, type Scan } from './scan'

/** Between two keys of one scan: a scanner over Bluetooth stumbles now and then, so the whole is judged by its average. */
const LONGEST_GAP_MS = 100
const FASTEST_HAND_MS = 45
const SHORTEST = 6

export interface Key {
  key: string
  ctrl?: boolean
  /** In milliseconds. */
  at: number
}

/** The sign that a key types, if it types one. Scanners type FNC1 as Ctrl+], which is GS on every keyboard, or as GS itself. */
function signOf({ key, ctrl }: Key): string | null {
  if (key === GS || (ctrl && key === ']')) return GS
  return key.length === 1 && !ctrl ? key : null
}

export class WedgeReader {
  private typed = ''
  private began = 0
  private last = -Infinity

  /** The key just heard is the first of what may become a scan. */
  get begun(): boolean {
    return this.typed.length === 1
  }

  /** A scan is being typed: no hand has three keys at that speed. */
  get busy(): boolean {
    return this.typed.length >= 3 && this.quick()
  }

  /** The code, when this key ends one. */
  key(pressed: Key): string | null {
    const { key, at } = pressed
    if (at - this.last > LONGEST_GAP_MS) this.typed = ''
    if (key === 'Enter' || key === 'Tab') {
      this.last = at
      const code = this.typed.length >= SHORTEST && this.quick() ? this.typed : null
      this.typed = ''
      return code
    }
    const sign = signOf(pressed)
    // Shift and Control are pressed for the key that comes after them.
    if (sign === null) return null
    if (!this.typed) this.began = at
    this.typed += sign
    this.last = at
    return null
  }

  /** From the first key to the last. */
  private quick(): boolean {
    return this.last - this.began <= FASTEST_HAND_MS * this.typed.length
  }
}

type Field = HTMLInputElement | HTMLTextAreaElement
const NOT_TYPED_INTO = new Set(['button', 'checkbox', 'radio', 'range', 'color', 'file', 'submit', 'reset', 'image'])

/** The text field that has the focus; `true` for one that is not an input, such as editable text. */
function fieldOf(target: EventTarget | null): Field | boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return target instanceof HTMLSelectElement || target
  if (target instanceof HTMLInputElement) return !NOT_TYPED_INTO.has(target.type) && target
  return target instanceof HTMLElement && target.isContentEditable
}

/** A field that gives its scans away shows again what it showed before. */
function restore(field: Field, before: string): void {
  field.value = before
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Listens on a window. Answers how to stop. */
export function listenToWedge(on: Window, found: (scan: Scan) => void): () => void {
  const reader = new WedgeReader()
  let before = ''

  function onKey(event: KeyboardEvent): void {
    // A key that is held down repeats faster than a hand types.
    if (event.repeat || event.isComposing || event.altKey || event.metaKey) return
    const field = fieldOf(event.target)
    const input = typeof field === 'object' ? field : null
    if (field && input?.dataset.wedge === undefined) return
    const wasBusy = reader.busy
    const code = reader.key({ key: event.key, ctrl: event.ctrlKey, at: event.timeStamp })
    if (code !== null) {
      event.preventDefault()
      event.stopImmediatePropagation()
      if (input) restore(input, before)
      found({ text: code, source: 'wedge' })
    } else if (wasBusy && event.key === ' ' && !input) event.preventDefault() // it would press the button that has the focus
    // The key is heard before the field takes it.
    if (reader.begun) before = input?.value ?? ''
  }

  on.addEventListener('keydown', onKey, true)
  return () => on.removeEventListener('keydown', onKey, true)
}

/** Calls back with every code that a scanner types while the screen is shown. */
export function useWedge(found: (scan: Scan) => void): void {
  let stop: (() => void) | undefined
  onMounted(() => (stop = listenToWedge(window, found)))
  onBeforeUnmount(() => stop?.())
}
