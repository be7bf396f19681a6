/** What screens of service begin and look up: machines and customers on this device, new requests and visits. */
import { computed, effectScope, type ComputedRef } from 'vue'
import { useRouter } from 'vue-router'
import type { Technician } from '../generated/records'
import { tellTrouble } from '../shell/undo'
import { createDocument, useIdentity, useRecords, useRows, type JsonObject, type Row } from '../store'
import { i18n } from '../i18n/i18n'
import { normalName, normalPhone } from './namesakes'

function open() {
  const identity = useIdentity()
  const machines = useRows('machine')
  const customers = useRows('customer')
  const technicians = useRecords<Technician>('technician')

  /** The dealers that this person works for: the first is where something new goes unless a machine says otherwise. */
  const dealers: ComputedRef<string[]> = computed(() => {
    const who = identity.value
    if (!who) return []
    return who.dealer ? [who.dealer] : (technicians.bodies.value.find((each) => each.id === who.account)?.dealers ?? [])
  })
  const standing = (rows: Row[]): Row[] => rows.filter((row) => !row.fields['merged_into'])

  return {
    identity,
    dealers,
    machines: computed(() => standing(machines.rows.value)),
    customers: computed(() => standing(customers.rows.value)),
    loaded: machines.loaded,
    isTechnician: computed(() => identity.value?.role === 'technician'),
    machine: (document: string | null | undefined) => machines.all.value.find((row) => row.document === document),
    customer: (document: string | null | undefined) => customers.all.value.find((row) => row.document === document),
    /** The machine with this number on its plate. */
    bySerial(serial: string, but = ''): Row | undefined {
      const wanted = normalName(serial)
      if (!wanted) return undefined
      return standing(machines.rows.value).find((row) => row.document !== but && normalName(String(row.fields['serial'] ?? '')) === wanted)
    },
    /** A customer with the same telephone number or name. */
    namesake(name: string, phone: string, but: string): Row | undefined {
      const [called, digits] = [normalName(name), normalPhone(phone)]
      return standing(customers.rows.value).find(
        (row) =>
          row.document !== but &&
          ((digits && normalPhone(String(row.fields['phone'] ?? '')) === digits) || (called && normalName(String(row.fields['title'] ?? '')) === called))
      )
    }
  }
}

let shared: ReturnType<typeof open> | undefined

export function useService(): ReturnType<typeof open> {
  shared ??= effectScope(true).run(open)
  if (!shared) throw new Error('the machines could not be opened')
  return shared
}

export function dealerOf(scope: string): string {
  return scope.slice(scope.indexOf(':') + 1)
}

const now = (): string => new Date().toISOString()
const text = (row: Row | undefined, name: string): string => String(row?.fields[name] ?? '')
const placeOf = (row: Row | undefined) => ({ address: text(row, 'address'), geo: text(row, 'geo') })

/** Beginning something: it is on the device before its screen opens. */
export function useBegin() {
  const router = useRouter()
  const service = useService()

  async function begin(kind: string, route: string, dealer: string | undefined, content: JsonObject): Promise<string | null> {
    const where = dealer ?? service.dealers.value[0]
    try {
      if (!where) throw Object.assign(new Error('no dealer'), { code: 'not_signed_in' })
      const made = await createDocument(kind, `service:${where}`, { dealer: where, ...content }, 'begun')
      await router.push({ name: route, params: { document: made.id } })
      return made.id
    } catch (problem) {
      console.error(kind, problem)
      const code = (problem as { code?: unknown } | null)?.code
      tellTrouble(i18n.global.t(`order.notBegun.${code === 'storage_full' || code === 'not_signed_in' ? code : 'other'}`))
      return null
    }
  }

  /** What a request and a visit know of their machine: a copy, so that they read whole wherever they are. */
  function ofMachine(machine: Row | undefined) {
    return {
      machine: machine?.document ?? null,
      serial: text(machine, 'serial'),
      model: text(machine, 'title'),
      customer: (machine?.fields['customer'] as string | null | undefined) ?? null
    }
  }

  return {
    machine: (serial = '', dealer?: string) =>
      begin('machine', 'machine-edit', dealer, {
        created_at: now(), serial, product: null, model: '', customer: null, place: { address: '', geo: '' }, installed_at: null,
        meter: null, note: '', photos: {}
      }),
    customer: (dealer?: string) =>
      begin('customer', 'customer', dealer, { created_at: now(), name: '', contact: '', phone: '', place: { address: '', geo: '' }, note: '' }),
    request(machine?: Row) {
      const customer = service.customer(machine?.fields['customer'] as string | undefined)
      const place = text(machine, 'address') || text(machine, 'geo') ? placeOf(machine) : placeOf(customer)
      return begin('service_request', 'request-edit', machine && dealerOf(machine.scope), {
        stage: 'draft', opened_at: now(), ...ofMachine(machine), contact: text(customer, 'contact') || text(customer, 'title'),
        phone: text(customer, 'phone'), place, fault: '', urgency: 'normal', photos: {}
      })
    },
    visit(about: { request?: Row; machine?: Row | undefined }) {
      const { request, machine = service.machine(request?.fields['machine'] as string | undefined) } = about
      const who = service.identity.value
      const known = machine
        ? ofMachine(machine)
        : { machine: (request?.fields['machine'] as string | null | undefined) ?? null, serial: text(request, 'serial'), model: text(request, 'title'), customer: (request?.fields['customer'] as string | null | undefined) ?? null }
      const scope = request?.scope ?? machine?.scope
      return begin('service_visit', 'visit', scope && dealerOf(scope), {
        technician: who?.account ?? '', device: who?.device ?? '', stage: 'draft', created_at: now(), request: request?.document ?? null,
        ...known, product: (machine?.fields['product'] as string | null | undefined) ?? null, travel_at: null, arrived_at: null,
        started_at: null, ended_at: null, diagnosis: '', cause: '', action: '', checklist: {}, parts: {}, labour_minutes: null,
        meter: null, photos_before: {}, photos_after: {}, outcome: null, requested: {}, signature: null
      })
    }
  }
}
