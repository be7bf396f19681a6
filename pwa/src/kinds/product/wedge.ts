/** A barcode scanner that types: digits faster than a hand can, then Enter. Works wherever the focus is. */
import { onBeforeUnmount, onMounted } from 'vue'

const FASTEST_HAND_MS = 45
const SHORTEST = 6

export class WedgeReader {
  private typed = ''
  private last = 0

  /** The code, when this key ends one. `at` is in milliseconds. */
  key(key: string, at: number): string | null {
    const fast = at - this.last <= FASTEST_HAND_MS
    this.last = at
    if (key === 'Enter') {
      const code = fast && this.typed.length >= SHORTEST ? this.typed : null
      this.typed = ''
      return code
    }
    if (key.length !== 1) return null
    this.typed = fast ? this.typed + key : key
    return null
  }
}

/** Calls back with every code that a scanner types while the screen is shown. */
export function useWedge(found: (code: string) => void): void {
  const reader = new WedgeReader()
  function onKey(event: KeyboardEvent): void {
    const code = reader.key(event.key, event.timeStamp)
    if (code === null) return
    event.preventDefault()
    event.stopImmediatePropagation()
    found(code)
  }
  onMounted(() => addEventListener('keydown', onKey, true))
  onBeforeUnmount(() => removeEventListener('keydown', onKey, true))
}
