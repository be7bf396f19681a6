/** Keys of the HQ screens: one letter, no modifier, never while somebody types. */
import { onScopeDispose } from 'vue'

export type KeyMap = Record<string, (event: KeyboardEvent) => void>

const layers: KeyMap[] = []

/** Whether a key pressed there belongs to what is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
}

/** Ctrl or ⌘ comes as `mod+k`; other combinations are the browser's. */
export function nameOf(event: KeyboardEvent): string | null {
  if (event.altKey || event.isComposing) return null
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (event.ctrlKey || event.metaKey) return `mod+${key}`
  return key
}

function pressed(event: KeyboardEvent): void {
  const name = nameOf(event)
  if (!name || event.defaultPrevented) return
  const combined = name.startsWith('mod+')
  if (!combined && (isTyping(event.target) || document.querySelector('dialog[open]'))) return
  // A button or a link answers Enter by itself.
  if (name === 'Enter' && event.target instanceof Element && event.target.closest('button, a, summary')) return
  for (const layer of [...layers].reverse()) {
    const act = layer[name]
    if (!act) continue
    event.preventDefault()
    act(event)
    return
  }
}

/** Keys that hold while the component lives; the one mounted last answers first. */
export function useKeys(map: KeyMap): void {
  if (!layers.length) addEventListener('keydown', pressed)
  layers.push(map)
  onScopeDispose(() => {
    layers.splice(layers.indexOf(map), 1)
    if (!layers.length) removeEventListener('keydown', pressed)
  })
}
