/**
 * The screens of headquarters. Nothing of them is loaded before somebody goes there. The server answers under the same `/hq`: a
 * browser that opens an address asks for HTML and gets this app, a screen asks for JSON and gets its rows.
 */
import type { NavigationGuard, RouteRecordRaw } from 'vue-router'
import { whereOf } from './go'

const words: NavigationGuard = async () => {
  const { useArea } = await import('../i18n/i18n')
  await Promise.all([useArea('hq'), useArea('desk')])
}

/** A lost connection lets the screens show what they can; they say that headquarters cannot be reached. */
const signedIn: NavigationGuard = async (to) => {
  const { resume } = await import('./session')
  const who = await resume().catch(() => 'unreachable' as const)
  return who ? true : { name: 'hq-sign-in', query: to.name === 'hq-orders' && !to.params.document ? {} : { next: to.fullPath } }
}

export const hqRoutes: RouteRecordRaw[] = [
  {
    path: '/hq/sign-in',
    name: 'hq-sign-in',
    component: () => import('../views/hq/SignIn.vue'),
    beforeEnter: words,
    meta: { hq: true }
  },
  {
    path: '/hq',
    component: () => import('../views/hq/HqShell.vue'),
    beforeEnter: [words, signedIn],
    meta: { hq: true },
    children: [
      { path: '', redirect: { name: 'hq-orders' } },
      { path: 'orders/:document?', name: 'hq-orders', component: () => import('../views/hq/Orders.vue') },
      // Where a notification leads, which knows of no screen.
      { path: 'open/:kind/:document', name: 'hq-open', redirect: ({ params }) => whereOf(String(params['kind']), String(params['document'])) },
      { path: 'attention', name: 'hq-attention', component: () => import('../views/hq/Attention.vue') },
      { path: 'dealers', name: 'hq-dealers', component: () => import('../views/hq/Dealers.vue') },
      { path: 'dealers/:dealer', name: 'hq-dealer', component: () => import('../views/hq/DealerDetail.vue') },
      { path: 'stock', name: 'hq-stock', component: () => import('../views/hq/Stock.vue') },
      { path: 'places', name: 'hq-places', component: () => import('../views/hq/StockPlaces.vue') },
      { path: 'movements', name: 'hq-movements', component: () => import('../views/hq/Movements.vue') },
      { path: 'entries/:kind/:document?', name: 'hq-documents', component: () => import('../views/hq/Documents.vue') },
      { path: 'board/:document?', name: 'hq-service', component: () => import('../views/hq/ServiceBoard.vue') },
      { path: 'alike', name: 'hq-duplicates', component: () => import('../views/hq/DuplicateReview.vue') },
      { path: 'thresholds', name: 'hq-policies', component: () => import('../views/hq/Policies.vue') },
      { path: 'closings', name: 'hq-periods', component: () => import('../views/hq/Periods.vue') },
      { path: 'products', name: 'hq-products', component: () => import('../views/hq/Products.vue') },
      { path: 'people', name: 'hq-people', component: () => import('../views/hq/People.vue') },
      { path: 'audit', name: 'hq-audit', component: () => import('../views/hq/Audit.vue') },
      { path: 'settings', name: 'hq-settings', component: () => import('../views/hq/HqSettings.vue') },
      { path: ':rest(.*)*', redirect: { name: 'hq-orders' } }
    ]
  }
]
