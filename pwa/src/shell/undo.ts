/** What was just done, and the way back. Destructive things ask afterwards, by undo, never before, by a dialog. */
import { shallowRef } from 'vue'

interface Done {
  text: string
  undo?: (() => void | Promise<void>) | undefined
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

/** Says what did not work; it stays until the person closes it. */
export function tellTrouble(text: string): void {
  clearTimeout(timer)
  done.value = { text }
}

export function dismiss(): void {
  clearTimeout(timer)
  done.value = null
}

export async function takeBack(): Promise<void> {
  const undo = done.value?.undo
  dismiss()
  await undo?.()
}
