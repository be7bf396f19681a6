/** Where everything is. Each screen is its own file to load; headquarters' screens are a list of their own. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { hqRoutes } from '../hq/routes'
import { screenOf } from '../kinds/screens'

const dealer: RouteRecordRaw[] = [
  { path: '', name: 'today', component: () => import('../views/service/HomeView.vue') },
  { path: 'products', name: 'products', component: () => import('../views/dealer/ProductsView.vue') },
  { path: 'products/:product', name: 'product', component: () => import('../views/dealer/ProductsView.vue'), props: true },
  { path: 'orders', name: 'orders', component: () => import('../views/dealer/OrdersView.vue') },
  { path: 'orders/:document', name: 'order', component: () => import('../views/dealer/OrdersView.vue'), props: true },
  { path: 'orders/:document/edit', name: 'order-edit', component: () => import('../views/dealer/OrderEditView.vue'), props: true },
  { path: 'stock', name: 'stock', component: () => import('../views/dealer/stock/StockView.vue') },
  { path: 'stock/counts', name: 'counts', component: () => import('../views/dealer/stock/CountsView.vue') },
  { path: 'stock/counts/:document', name: 'count', component: () => import('../views/dealer/stock/CountView.vue'), props: true },
  { path: 'service', name: 'service', component: () => import('../views/service/ServiceView.vue') },
  { path: 'service/:document', name: 'request', component: () => import('../views/service/ServiceView.vue'), props: true },
  { path: 'service/:document/edit', name: 'request-edit', component: () => import('../views/service/RequestForm.vue'), props: true },
  { path: 'visits/:document', name: 'visit', component: () => import('../views/service/VisitView.vue'), props: true },
  { path: 'machines', name: 'machines', component: () => import('../views/service/MachinesView.vue') },
  { path: 'machines/:document', name: 'machine', component: () => import('../views/service/MachinesView.vue'), props: true },
  { path: 'machines/:document/edit', name: 'machine-edit', component: () => import('../views/service/MachineForm.vue'), props: true },
  { path: 'customers', name: 'customers', component: () => import('../views/service/CustomersView.vue') },
  { path: 'customers/:document', name: 'customer', component: () => import('../views/service/CustomersView.vue'), props: true },
  { path: 'sales', name: 'sales', component: () => import('../views/dealer/sale/SalesView.vue') },
  { path: 'sales/:document', name: 'sale', component: () => import('../views/dealer/sale/SalesView.vue'), props: true },
  { path: 'sales/:document/edit', name: 'sale-edit', component: () => import('../views/dealer/sale/SaleEditView.vue'), props: true },
  { path: 'receipts', name: 'receipts', component: () => import('../views/dealer/goods/ReceiptsView.vue') },
  { path: 'receipts/:document', name: 'receipt', component: () => import('../views/dealer/goods/ReceiptsView.vue'), props: true },
  { path: 'returns', name: 'returns', component: () => import('../views/dealer/goods/ReturnsView.vue') },
  { path: 'returns/:document', name: 'return', component: () => import('../views/dealer/goods/ReturnsView.vue'), props: true },
  {
    // Where a notification leads, which knows of no screen.
    path: 'open/:kind/:document',
    name: 'open',
    redirect: ({ params: { kind, document } }) => {
      const name = screenOf(String(kind))
      return name ? { name, params: { document: String(document) } } : { name: 'attention' }
    }
  },
  { path: 'attention', name: 'attention', component: () => import('../views/dealer/AttentionView.vue') },
  { path: 'account', name: 'account', component: () => import('../views/dealer/AccountView.vue') },
  { path: 'more', name: 'more', component: () => import('../views/dealer/MoreView.vue') }
]

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: () => import('./DealerShell.vue'), children: dealer, meta: { device: true } },
    { path: '/enrol', name: 'enrol', component: () => import('../views/enrol/EnrolView.vue') },
    ...hqRoutes,
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./MissingView.vue') }
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 }
})

/** After an update the old version's files are gone: the page is loaded anew, once, where the person wanted to go. */
router.onError((problem, to) => {
  const again = 'daybook.loaded-anew'
  if (!/import|fetch|load/i.test(String(problem)) || sessionStorage.getItem(again) === to.fullPath || !navigator.onLine) throw problem
  sessionStorage.setItem(again, to.fullPath)
  location.assign(to.fullPath)
})
