/** Icons that only headquarters uses; drawn as the others are (Material Symbols). */
import {
  symRoundedDarkMode,
  symRoundedGroup,
  symRoundedHistory,
  symRoundedInbox,
  symRoundedKeyboard,
  symRoundedLanguage,
  symRoundedManageAccounts,
  symRoundedPayments,
  symRoundedQrCode2,
  symRoundedRefresh,
  symRoundedSettings,
  symRoundedStorefront,
  symRoundedWarehouse
} from '@quasar/extras/material-symbols-rounded'
import { icons as shared } from '../theme/icons'

export const icons = {
  ...shared,
  audit: symRoundedHistory,
  inbox: symRoundedInbox,
  dealers: symRoundedStorefront,
  device: symRoundedQrCode2,
  keyboard: symRoundedKeyboard,
  language: symRoundedLanguage,
  payment: symRoundedPayments,
  people: symRoundedManageAccounts,
  staff: symRoundedGroup,
  refresh: symRoundedRefresh,
  settings: symRoundedSettings,
  theme: symRoundedDarkMode,
  warehouse: symRoundedWarehouse
} as const

export type HqIconName = keyof typeof icons
