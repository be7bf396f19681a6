/**
 * What people read, in their language. One JSON file per area and language: `<area>.<locale>.json`.
 * The areas of the first screen come with it; others (`hq`) are loaded by the routes that need them.
 */
import { createI18n } from 'vue-i18n'
import { ref } from 'vue'

export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]
export type LanguageChoice = Locale | 'system'
interface Messages {
  [key: string]: string | Messages
}

const kept = 'daybook.language'
const files = import.meta.glob<Messages>('./*.json', { import: 'default' })
/** What a kind's folder adds: its own screens' words under its name, its codes under `reasons`, `notices`, `refusals`. */
const ofKinds = import.meta.glob<Messages>('../kinds/*/words.*.json', { import: 'default' })
const asked = new Set<string>(['words', 'shell', 'order', 'scan', 'reasons', 'refusals', 'notices', 'photos'])

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  missingWarn: false,
  fallbackWarn: false,
  messages: { 'zh-CN': {} as Messages, en: {} as Messages }
})

function read(): LanguageChoice {
  const value = localStorage.getItem(kept)
  return locales.find((locale) => locale === value) ?? 'system'
}

export const language = ref<LanguageChoice>(read())

/** The locale that a list of language tags asks for: Chinese of any kind, else English. */
export function localeFor(tags: readonly string[]): Locale {
  for (const tag of tags) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh-CN'
    if (tag.toLowerCase().startsWith('en')) return 'en'
  }
  return 'en'
}

async function fetchArea(area: string, locale: Locale): Promise<void> {
  const load = files[`./${area}.${locale}.json`]
  if (!load) throw new Error(`no words for ${area} in ${locale}`)
  i18n.global.mergeLocaleMessage(locale, { [area]: await load() })
}

function wordsOfKinds(locale: Locale): Promise<void>[] {
  return Object.entries(ofKinds)
    .filter(([name]) => name.endsWith(`.${locale}.json`))
    .map(async ([, load]) => i18n.global.mergeLocaleMessage(locale, await load()))
}

async function speak(): Promise<void> {
  const locale = language.value === 'system' ? localeFor(navigator.languages) : language.value
  await Promise.all([...[...asked].map((area) => fetchArea(area, locale)), ...wordsOfKinds(locale)])
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
  document.title = i18n.global.t('words.daybook')
}

/** Adds an area of words, now and for every language chosen later. */
export async function useArea(area: string): Promise<void> {
  if (asked.has(area)) return
  asked.add(area)
  await fetchArea(area, i18n.global.locale.value as Locale)
}

export async function chooseLanguage(choice: LanguageChoice): Promise<void> {
  language.value = choice
  localStorage.setItem(kept, choice)
  await speak()
}

/** Called once, before the first screen. */
export const startLanguage = speak
