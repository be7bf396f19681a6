/** What this device knows of the visit's machine and of warranty, and what follows from it. */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Machine } from '../../generated/machine'
import type { WarrantyPolicy, WarrantyRecord } from '../../generated/records'
import type { ServiceVisit } from '../../generated/service_visit'
import { getRecord, openDocument, useRecords } from '../../store'
import { useCatalogue } from '../product/use-catalogue'
import { useService } from '../use-service'
import { advise, warrantyKey, type Advice, type KnownMachine } from './advice'

export function useVisitAdvice(visit: ShallowRef<ServiceVisit | null>): { advice: ComputedRef<Advice | null> } {
  const service = useService()
  const catalogue = useCatalogue()
  const policies = useRecords<WarrantyPolicy>('warranty_policy')
  const sales = useRecords<WarrantyRecord>('warranty', { prefix: () => `${visit.value?.dealer ?? ''}/` })
  const machine = shallowRef<KnownMachine | null>(null)

  /** The machine as it is written on this device, which headquarters may not have yet. */
  async function know(): Promise<void> {
    const id = visit.value?.machine ?? service.bySerial(visit.value?.serial ?? '')?.document
    if (!id) {
      machine.value = null
      return
    }
    const record = await getRecord<KnownMachine & { merged_into: string | null }>('machine', id)
    const stands = record?.merged_into ? await getRecord<KnownMachine>('machine', record.merged_into) : undefined
    if (stands) machine.value = stands
    else {
      const opened = await openDocument<Machine>(id).catch(() => null)
      const { serial = '', product = null, installed_at = null } = opened?.content ?? record ?? {}
      machine.value = opened || record ? { serial, product, installed_at } : null
    }
  }
  watch([() => visit.value?.machine, () => visit.value?.serial, service.machines], () => void know(), { immediate: true })

  const policyOf = computed(() => new Map(policies.bodies.value.map((each) => [each.id, each])))
  const saleOf = computed(() => new Map(sales.records.value.map((each) => [each.key, each.body])))
  return {
    advice: computed(() =>
      visit.value
        ? advise(visit.value, {
            machine: machine.value,
            warranty: (dealer, serial) => saleOf.value.get(warrantyKey(dealer, serial)),
            product: (id) => catalogue.product(id),
            policy: (id) => policyOf.value.get(id)
          })
        : null
    )
  }
}
