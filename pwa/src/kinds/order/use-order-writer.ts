/** Writing an order: one act, one change, one after the other, each from what stands by then. */
import { computed, ref, watchEffect, type ComputedRef, type Ref } from 'vue'
import type { Line, Order, ShipTo } from '../../generated/order'
import type { Product } from '../../generated/records'
import { useIdentity, type Json } from '../../store'
import { stepIn } from '../product/product'
import { useCatalogue } from '../product/use-catalogue'
import { formatQuantity, parseQuantity } from '../quantity'
import * as edits from './edits'
import { useOrder, type OpenOrder } from './use-order'

type Undo = () => Promise<void>

export interface OrderWriter extends OpenOrder {
  own: ComputedRef<{ name: string; address: string; phone: string }>
  /** Basis points that the owner may ask for; null for who may not. */
  discountUpTo: ComputedRef<number | null>
  /** The signature was given for the lines as they are. */
  signatureStands: Ref<boolean>
  lineOf: (product: string, unit: string) => string | null
  stepOf: (product: Product, unit: string) => string
  /** Sets quantity and unit of a line, or adds one; a quantity of zero removes it. */
  put: (product: Product, unit: string, quantity: string, line: string | null) => Promise<void>
  /** One more of a product; answers the quantity that stands then. */
  addOne: (product: Product, unit: string) => Promise<string>
  step: (line: string, up: boolean) => Promise<void>
  remove: (line: string) => Promise<Undo>
  noteLine: (line: string, text: string) => void
  discount: (line: string, basisPoints: number) => Promise<void>
  wanted: (day: string | null) => Promise<void>
  ship: (field: keyof ShipTo, value: string) => Promise<void>
  note: (text: string) => Promise<void>
  sign: (name: string, strokes: string) => Promise<void>
  choose: (path: string, value: Json) => Promise<void>
  submit: () => Promise<Undo>
  withdraw: () => Promise<Undo>
}

const PAUSE_MS = 400

export function useOrderWriter(document: () => string): OrderWriter {
  const open = useOrder(document)
  const identity = useIdentity()
  const catalogue = useCatalogue()
  const signatureStands = ref(true)
  const pauses = new Map<string, ReturnType<typeof setTimeout>>()
  let last: Promise<unknown> = Promise.resolve()

  /** Acts wait for the one before, so that two quick taps count twice. */
  function act(make: (order: Order) => edits.Change | null): Promise<void> {
    const next = last.then(async () => {
      await catalogue.whenReady()
      const change = open.order.value && make(open.order.value)
      if (change) await open.view.change(change.what, change.edits)
    })
    last = next.catch(() => undefined)
    return next
  }

  watchEffect(async () => {
    const order = open.order.value
    if (!order?.signature) return
    const hash = await edits.signedHash(order)
    signatureStands.value = order.signature?.signed_hash === hash
  })

  const priced = (product: string, unit: string, quantity: string, before = 0): number => open.listed(product, unit, quantity) ?? before

  function changed(line: Line, quantity: string, unit = line.unit): Pick<Line, 'quantity' | 'unit' | 'price'> {
    return { quantity, unit, price: priced(line.product, unit, quantity, unit === line.unit ? line.price : 0) }
  }

  function writeLine(order: Order, id: string, quantity: string, unit?: string): edits.Change | null {
    const line = order.lines?.[id]
    if (!line) return null
    return quantity === '0' ? edits.removeLine(id) : edits.setLine(order, id, changed(line, quantity, unit))
  }

  function put(product: Product, unit: string, quantity: string, line: string | null): Promise<void> {
    return act((order) => {
      const id = line && order.lines?.[line] ? line : edits.lineOf(order, product.id, unit)
      if (id) return writeLine(order, id, quantity, unit)
      return quantity === '0' ? null : edits.addLine(order, edits.newLineId(), product.id, unit, quantity, priced(product.id, unit, quantity))
    })
  }

  function stepped(line: Line, up: boolean): string {
    const product = catalogue.product(line.product)
    const step = parseQuantity(product ? stepIn(product, line.unit) : '1') ?? 1000n
    const next = (parseQuantity(line.quantity) ?? 0n) + (up ? step : -step)
    return formatQuantity(next > 0n ? next : 0n)
  }

  return {
    ...open,
    own: computed(() => {
      const dealer = catalogue.dealer.value
      return { name: dealer?.contact || dealer?.name || '', address: dealer?.address ?? '', phone: dealer?.phone ?? '' }
    }),
    discountUpTo: computed(() => {
      if (identity.value?.role !== 'owner') return null
      return catalogue.priceList(open.order.value?.price_list ?? catalogue.listKey.value ?? '')?.max_discount_bp ?? 0
    }),
    signatureStands,
    lineOf: (product, unit) => (open.order.value ? edits.lineOf(open.order.value, product, unit) : null),
    stepOf: stepIn,
    put,
    async addOne(product, unit) {
      let now = stepIn(product, unit)
      await act((order) => {
        const id = edits.lineOf(order, product.id, unit)
        const line = id ? order.lines?.[id] : undefined
        if (!id || !line) return edits.addLine(order, edits.newLineId(), product.id, unit, now, priced(product.id, unit, now))
        now = stepped(line, true)
        return writeLine(order, id, now)
      })
      return now
    },
    step: (id, up) => act((order) => {
      const line = order.lines?.[id]
      if (!line) return null
      const next = stepped(line, up)
      return next === '0' ? null : writeLine(order, id, next)
    }),
    async remove(id) {
      const line = open.order.value?.lines?.[id]
      await act((order) => (order.lines?.[id] ? edits.removeLine(id) : null))
      return async () => {
        if (line) await act(() => edits.restoreLine(id, line, identity.value?.role === 'owner'))
      }
    },
    noteLine(id, text) {
      clearTimeout(pauses.get(id))
      pauses.set(id, setTimeout(() => void act((order) => (order.lines?.[id] ? edits.setLineNote(id, text) : null)), PAUSE_MS))
    },
    discount: (id, basisPoints) => act((order) => (order.lines?.[id] ? edits.setDiscount(id, basisPoints) : null)),
    wanted: (day) => act(() => edits.setWanted(day)),
    ship: (field, value) => act(() => edits.setShipTo(field, value)),
    note: (text) => act(() => edits.setNote(text)),
    async sign(name, strokes) {
      await last
      if (!open.order.value) return
      const signed_hash = await edits.signedHash(open.order.value)
      await act(() => edits.setSignature({ name, strokes, signed_at: new Date().toISOString(), signed_hash }))
    },
    choose: async (path, value) => void (await open.view.choose(path, value)),
    async submit() {
      await act(() => edits.setStage('submitted', Date.now()))
      return () => act(() => edits.setStage('draft', Date.now()))
    },
    async withdraw() {
      const before = open.order.value?.stage ?? 'draft'
      await act(() => edits.setStage('withdrawn', Date.now()))
      return () => act(() => ({ what: before, edits: [{ op: 'set', path: 'stage', value: before }] }))
    }
  }
}
