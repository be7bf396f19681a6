/** What the command palette offers: places, acts of the screen that is open, orders and dealers by name. */
import { inject, onScopeDispose, provide, shallowReactive, type InjectionKey } from 'vue'
import type { HqIconName } from './icons'

export interface Offer {
  id: string
  icon: HqIconName
  text: string
  hint?: string
  act: () => void
}

const openKey: InjectionKey<() => void> = Symbol('palette')
const screens = shallowReactive<(() => Offer[])[]>([])

export const providePalette = (open: () => void): void => provide(openKey, open)
export const usePalette = (): (() => void) => inject(openKey, () => undefined)

/** Acts that the screen offers while it is open. */
export function offer(acts: () => Offer[]): void {
  screens.push(acts)
  onScopeDispose(() => screens.splice(screens.indexOf(acts), 1))
}

export const offered = (): Offer[] => screens.flatMap((acts) => acts())

/** Every word of the text asked for is somewhere in the offer, in any order and case. */
export function matches(asked: string, ...texts: (string | null | undefined)[]): boolean {
  const text = texts.filter(Boolean).join(' ').toLowerCase()
  return asked.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}
