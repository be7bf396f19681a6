/** One quiet line at the foot of the screen: what was done and, where it can be, how to take it back. */
import { shallowRef } from 'vue'

export interface Toast {
  text: string
  undo?: () => void
}

const SHOWN_MS = 8_000
export const toast = shallowRef<Toast | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

export function tell(text: string, undo?: () => void): void {
  clearTimeout(timer)
  toast.value = undo ? { text, undo } : { text }
  timer = setTimeout(hideToast, SHOWN_MS)
}

export function hideToast(): void {
  clearTimeout(timer)
  toast.value = null
}
