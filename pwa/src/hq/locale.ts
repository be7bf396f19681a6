/** The reader's language, outside of components. */
import type { Ref } from 'vue'
import { i18n } from '../i18n/i18n'

/** vue-i18n types the composer's locale as a plain string; it is a ref. */
const spoken = i18n.global.locale as unknown as Ref<string>

export const currentLocale = (): string => spoken.value
export const isChinese = (): boolean => spoken.value.startsWith('zh')
