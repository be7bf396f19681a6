/** One count as it is being made: sums of all devices, live; a tap is one small durable change and is on the screen at once. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { StockCount, Tally } from '../../generated/stock_count'
import type { Product } from '../../generated/records'
import { useIdentity, useLargeDocument, type Edit, type Json, type LargeDocument } from '../../store'
import { useCatalogue } from '../product/use-catalogue'
import * as edits from './edits'
import { CountSheet, type Spot } from './sheet'

export type CountHead = Omit<StockCount, 'tallies'>

export interface OpenCount extends Omit<LargeDocument, 'write'> {
  head: ShallowRef<CountHead | null>
  /** Grows with every tally: who reads sums reads it first. */
  tick: Ref<number>
  sum: (product: string) => bigint | undefined
  tallies: (product: string) => [string, Tally][]
  counted: ComputedRef<number>
  /** The products that are to be counted, in the catalogue's order. */
  targets: ComputedRef<readonly Product[]>
  device: ComputedRef<string>
  own: (spot: Spot) => Tally | undefined
  addOne: (spot: Spot, amount?: bigint) => Promise<boolean>
  set: (spot: Spot, quantity: bigint) => Promise<boolean>
  close: (absent: readonly string[]) => Promise<boolean>
  reopen: () => Promise<boolean>
  cancel: () => Promise<boolean>
}

export function useCountSheet(document: () => string): OpenCount {
  const identity = useIdentity()
  const { catalogue } = useCatalogue()
  const head = shallowRef<CountHead | null>(null)
  const tick = ref(0)
  let sheet = new CountSheet()

  const open = useLargeDocument<StockCount>(document, ({ tallies, ...rest }, since) => {
    sheet = new CountSheet(tallies)
    for (const made of since) enter(made)
    head.value = rest
    tick.value++
  })

  /** What was written while the document was being read. */
  function enter(made: readonly Edit[]): void {
    for (const edit of made) {
      const [root, key, field] = edit.path.split('/')
      if (root !== 'tallies' || !key || edit.op !== 'set') continue
      const before = sheet.tallies.get(key)
      if (!field) sheet.put(key, edit.value as unknown as Tally)
      else if (before) sheet.put(key, { ...before, [field]: edit.value as Json } as Tally)
    }
  }

  const who = computed<edits.Counter>(() => ({ device: identity.value?.device ?? '', by: identity.value?.name ?? '' }))

  async function put(made: edits.TallyChange): Promise<boolean> {
    if (!made.edits.length) return true
    sheet.put(made.key, made.tally)
    tick.value++
    return await open.write(made.what, made.edits)
  }

  function read<Value>(value: () => Value): Value {
    void tick.value
    return value()
  }

  return {
    ...open,
    head,
    tick,
    sum: (product) => read(() => sheet.sum(product)),
    tallies: (product) => read(() => sheet.of(product)),
    counted: computed(() => read(() => sheet.counted)),
    targets: computed(() => {
      const entries = catalogue.value.entries
      const listed = head.value?.products ?? {}
      const wanted = head.value?.extent === 'list' ? entries.filter(({ product }) => listed[product.id]) : entries.filter(({ product }) => !product.withdrawn)
      return wanted.map(({ product }) => product)
    }),
    device: computed(() => who.value.device),
    own: (spot) => read(() => sheet.tallies.get(sheet.keyAt(who.value.device, spot) ?? '')),
    addOne: (spot, amount) => put(edits.addOne(sheet, who.value, spot, Date.now(), amount)),
    set: (spot, quantity) => put(edits.setTally(sheet, who.value, spot, quantity, Date.now())),
    close: (absent) => open.change('closed', edits.close(sheet, who.value, absent, Date.now())),
    reopen: () => open.change('opened_again', edits.setStage('open')),
    cancel: () => open.change('cancelled', edits.setStage('cancelled'))
  }
}
