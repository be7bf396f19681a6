/** Icons that only headquarters uses; drawn as the others are (Material Symbols). */
import {
  symRoundedDarkMode,
  symRoundedFactCheck,
  symRoundedGroup,
  symRoundedHistory,
  symRoundedHomeRepairService,
  symRoundedInbox,
  symRoundedJoinInner,
  symRoundedKeyboard,
  symRoundedLanguage,
  symRoundedLockClock,
  symRoundedManageAccounts,
  symRoundedMoveToInbox,
  symRoundedPackage,
  symRoundedPayments,
  symRoundedPointOfSale,
  symRoundedQrCode2,
  symRoundedRefresh,
  symRoundedSettings,
  symRoundedStorefront,
  symRoundedSwapVert,
  symRoundedTimer,
  symRoundedTune,
  symRoundedWarehouse
} from '@quasar/extras/material-symbols-rounded'
import { icons as shared } from '../theme/icons'

export const icons = {
  ...shared,
  audit: symRoundedHistory,
  count: symRoundedFactCheck,
  duplicates: symRoundedJoinInner,
  goodsReturn: symRoundedPackage,
  late: symRoundedTimer,
  moves: symRoundedSwapVert,
  periods: symRoundedLockClock,
  receipt: symRoundedMoveToInbox,
  sale: symRoundedPointOfSale,
  thresholds: symRoundedTune,
  visit: symRoundedHomeRepairService,
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
