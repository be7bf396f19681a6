/** An order's acts on its page: each with its own form, the frequent ones with a key. */
import { openActs, type ActName } from './acts'
import type { ActOffer, Offers } from './offers'
import ApproveAct from './components/ApproveAct.vue'
import DeliverAct from './components/DeliverAct.vue'
import InvoiceAct from './components/InvoiceAct.vue'
import PaymentAct from './components/PaymentAct.vue'
import RejectAct from './components/RejectAct.vue'
import ResolveAct from './components/ResolveAct.vue'
import ShipAct from './components/ShipAct.vue'

export const keyed = [
  { name: 'approve', icon: 'accepted', key: 'a' },
  { name: 'reject', icon: 'refused', key: 'r' },
  { name: 'ship', icon: 'shipping', key: 's' }
] as const

const [approve, reject, ship] = keyed
const ACTS: Record<ActName, Omit<ActOffer, 'name'>> = {
  approve: { ...approve, testid: 'hq-approve', panel: ApproveAct },
  reject: { ...reject, testid: 'hq-reject', panel: RejectAct },
  ship: { ...ship, testid: 'hq-ship', panel: ShipAct },
  deliver: { icon: 'check', testid: 'hq-deliver', panel: DeliverAct },
  invoice: { icon: 'orders', testid: 'hq-invoice', panel: InvoiceAct },
  resolve_case: { icon: 'warning', testid: 'hq-resolve', panel: ResolveAct },
  payment: { icon: 'payment', testid: 'hq-payment', panel: PaymentAct, aside: true }
}

export const orderOffers: Offers = (detail, role) => openActs(detail, role).map((name) => ({ ...ACTS[name], name }))
