/** What was just done, and the way back. Destructive things ask afterwards, by undo, never before, by a dialog. */
import { shallowRef } from 'vue'

interface Done {
  text: string
  undo?: (() => void | Promise<void>) | undefined
  /** What to do next, where there is something. */
  next?: { text: string; go: () => void }
}

const SECONDS = 8

export const done = shallowRef<Done | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

/** Says what was done, for some seconds, with undo where there is a way back. */
export function tell(text: string, undo?: () => void | Promise<void>): void {
  clearTimeout(timer)
  done.value = { text, undo }
  timer = setTimeout(dismiss, SECONDS * 1000)
}

/** Says what was found or was not, for some seconds, with the way on. */
export function tellNext(text: string, next: { text: string; go: () => void }): void {
  clearTimeout(timer)
  done.value = { text, next }
  timer = setTimeout(dismiss, SECONDS * 1000)
}

/** Says what did not work; it stays until the person closes it. */
export function tellTrouble(text: string): void {
  clearTimeout(timer)
  done.value = { text }
}

export function dismiss(): void {
  clearTimeout(timer)
  done.value = null
}

export function goOn(): void {
  const next = done.value?.next
  dismiss()
  next?.go()
}

export async function takeBack(): Promise<void> {
  const undo = done.value?.undo
  dismiss()
  await undo?.()
}
