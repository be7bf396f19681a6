/** The places of headquarters, by the work that they belong to: for the side bar and the command palette. */
import type { RouteLocationRaw } from 'vue-router'
import { i18n } from '../i18n/i18n'
import type { HqIconName } from './icons'
import { iconOf, kindWord, listedKinds } from './kinds'
import { isAdministrator } from './session'

export interface Place {
  id: string
  icon: HqIconName
  text: string
  to: RouteLocationRaw
  /** The kind whose waiting documents are counted beside it. */
  kind?: string
}

export interface PlaceGroup {
  id: 'sales' | 'goods' | 'service' | 'company'
  places: Place[]
}

const GROUPS: Record<string, PlaceGroup['id']> = {
  sale: 'sales', payment: 'sales', service_request: 'service', service_visit: 'service', customer: 'service', machine: 'service'
}

const screen = (name: string, icon: HqIconName): Place => {
  const { t, te } = i18n.global
  return { id: name, icon, text: t(te(`desk.menu.${name}`) ? `desk.menu.${name}` : `hq.places.${name}`), to: { name } }
}

/** A kind that nobody placed is about goods. */
const kindsOf = (group: PlaceGroup['id']): Place[] =>
  listedKinds
    .filter((kind) => (GROUPS[kind] ?? 'goods') === group)
    .map((kind) => ({ id: kind, icon: iconOf(kind), text: kindWord(kind), to: { name: 'hq-documents', params: { kind } }, kind }))

export const placeGroups = (): PlaceGroup[] => [
  { id: 'sales', places: [screen('hq-orders', 'orders'), screen('hq-attention', 'inbox'), screen('hq-dealers', 'dealers'), ...kindsOf('sales')] },
  { id: 'goods', places: [screen('hq-stock', 'warehouse'), screen('hq-places', 'place'), ...kindsOf('goods')] },
  { id: 'service', places: [screen('hq-service', 'service'), ...kindsOf('service'), screen('hq-duplicates', 'duplicates')] },
  {
    id: 'company',
    places: [
      screen('hq-products', 'products'), screen('hq-policies', 'thresholds'), screen('hq-periods', 'periods'),
      ...(isAdministrator() ? [screen('hq-people', 'people')] : []), screen('hq-audit', 'audit'), screen('hq-settings', 'settings')
    ]
  }
]
