/** Which of the token sets is worn: as the device says, or as the person chose on this device. */
import { ref } from 'vue'

export const themes = ['system', 'light', 'dark', 'contrast'] as const
export type Theme = (typeof themes)[number]

const kept = 'daybook.theme'
const dark = matchMedia('(prefers-color-scheme: dark)')
const contrast = matchMedia('(prefers-contrast: more)')

function read(): Theme {
  const value = localStorage.getItem(kept)
  return themes.find((theme) => theme === value) ?? 'system'
}

export const theme = ref<Theme>(read())

function worn(): Exclude<Theme, 'system'> {
  if (theme.value !== 'system') return theme.value
  if (contrast.matches) return 'contrast'
  return dark.matches ? 'dark' : 'light'
}

function wear(): void {
  const name = worn()
  document.documentElement.dataset.theme = name
  document.body.classList.toggle('body--dark', name === 'dark')
  document.body.classList.toggle('body--light', name !== 'dark')
  const surface = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim()
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', surface)
}

export function chooseTheme(choice: Theme): void {
  theme.value = choice
  localStorage.setItem(kept, choice)
  wear()
}

/** Called once at start; follows the device from then on. */
export function startTheme(): void {
  wear()
  dark.addEventListener('change', wear)
  contrast.addEventListener('change', wear)
}
