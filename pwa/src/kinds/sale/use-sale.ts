/** A sale as it stands on this device, how it is begun, and how it is written. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { Product } from '../../generated/records'
import type { Sale } from '../../generated/sale'
import { createDocument, useIdentity } from '../../store'
import { newLineId } from '../order/edits'
import { named, stepIn } from '../product/product'
import { useCatalogue } from '../product/use-catalogue'
import { formatQuantity, parseQuantity } from '../quantity'
import { signatureFor } from '../signing'
import { useEntry } from '../use-entry'
import * as edits from './edits'

export function useNewSale() {
  const router = useRouter()
  const identity = useIdentity()
  const catalogue = useCatalogue()

  async function begin(): Promise<void> {
    await catalogue.whenLoaded()
    const dealer = identity.value?.dealer
    if (!dealer) return
    const { id } = await createDocument('sale', `dealer:${dealer}`, edits.draft(dealer, catalogue.currency.value, Date.now()))
    await router.push({ name: 'sale-edit', params: { document: id } })
  }

  return { begin }
}

export function useSale(document: () => string) {
  const { locale } = useI18n()
  const catalogue = useCatalogue()
  const entry = useEntry<Sale>(document)
  const sale = entry.content
  const lines = computed(() => (sale.value ? edits.linesOf(sale.value) : []))

  /** What a customer pays for one: the list's price with the tax on it; who sells may ask for another. */
  function priceOf(product: Product, unit: string): number {
    const listed = catalogue.listed(product.id, unit, '1')
    return listed === null ? 0 : edits.withTax(listed, product)
  }

  async function put(product: Product, unit: string, quantity: string, line: string | null): Promise<void> {
    if (!sale.value) return
    const id = line ?? edits.lineFor(sale.value, product.id, unit) ?? newLineId()
    await entry.write('line', edits.put(sale.value, id, product.id, unit, quantity, priceOf(product, unit)))
  }

  /** A scan: one more, or the machine that it names. */
  async function addOne(product: Product, unit: string, serial: string | null): Promise<string> {
    await entry.flush()
    if (!sale.value) return '0'
    const found = edits.lineFor(sale.value, product.id, unit)
    const line = found ? sale.value.lines?.[found] : undefined
    if (serial && found && line) {
      await entry.write('serial', edits.addSerial(line, found, serial))
      return sale.value.lines?.[found]?.quantity ?? line.quantity
    }
    const step = parseQuantity(stepIn(product, unit)) ?? 1000n
    const quantity = formatQuantity((parseQuantity(line?.quantity ?? '0') ?? 0n) + step)
    await put(product, unit, quantity, found)
    const made = edits.lineFor(sale.value, product.id, unit)
    const now = made ? sale.value.lines?.[made] : undefined
    if (serial && made && now) await entry.write('serial', edits.addSerial(now, made, serial))
    return quantity
  }

  return {
    ...entry,
    sale,
    lines,
    total: computed(() => (sale.value ? edits.totalOfAll(sale.value) : 0n)),
    productName: (id: string) => named(catalogue.product(id)?.name, locale.value) || id,
    put,
    addOne,
    async sign(name: string, strokes: string): Promise<void> {
      await entry.write('signature', edits.setSignature(await signatureFor(lines.value, name, strokes, Date.now())))
    },
    /** Answers how to take it back. */
    async finish(taken: number | null): Promise<() => Promise<void>> {
      await entry.flush()
      if (sale.value) await entry.write('done', edits.finish(sale.value, taken, Date.now()))
      return async () => void (await entry.write('draft', edits.setStage('draft')))
    },
    async cancel(): Promise<() => Promise<void>> {
      const before = sale.value?.stage ?? 'draft'
      await entry.write('cancelled', edits.setStage('cancelled'))
      return async () => void (await entry.write(before, edits.setStage(before)))
    }
  }
}
