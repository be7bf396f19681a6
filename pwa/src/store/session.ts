/** Signing in once, online; and out again. */
import { countWaiting } from '../attachments/keep'
import { type DaybookDatabase, neverReached, readMeta, writeMeta } from './database'
import { database, theWorker } from './store'
import { forgetPushes } from '../platform/notifications'
import { askForRoom } from '../platform/room'
import type { Identity, JsonObject } from './types'

export type EnrolWith = { code: string } | { user: string; password: string }

/**
 * `code` is the server's (`code_invalid`, `slow_down`, `role_has_no_device` …), or `unreachable`, `not_an_answer`, or
 * `another_account`: somebody else is signed in on this device and has work on it that is not sent.
 */
export class EnrolProblem extends Error {
  constructor(
    readonly code: string,
    /** Milliseconds to wait, where the server says so. */
    readonly retryAfter: number | null = null
  ) {
    super(code)
    this.name = 'EnrolProblem'
  }
}

interface Enrolled {
  device: string
  token: string
  user: string
  name: string
  role: string
  dealer: string | null
  short_code: string
  epoch: string
  language?: string
}

/** Makes this a device of that person. Ends when the first sync has begun; lists fill from then on. */
export async function enrol(how: EnrolWith, deviceName: string): Promise<Identity> {
  void askForRoom()
  const enrolled = await askServer({ ...how, name: deviceName })
  const identity = await keepIdentity(database, enrolled, deviceName)
  void theWorker().signedIn()
  return identity
}

/** Changes and photos that would be lost by signing out: waiting ones. */
export async function unsent(store: DaybookDatabase = database): Promise<number> {
  return (await store.changes.where('state').equals('waiting').count()) + (await countWaiting(store))
}

/** Forgets all on this device. With unsent changes it does nothing and answers false, unless `losing` says so. */
export async function signOut(losing = false): Promise<boolean> {
  if (!losing && (await unsent()) > 0) return false
  await forgetPushes().catch(() => {})
  const token = await readMeta(database, 'token')
  await database.transaction('rw', database.tables, async () => {
    for (const table of database.tables) await table.clear()
  })
  await theWorker().signedOut()
  if (token && navigator.onLine) void giveTokenBack(token)
  return true
}

/** The server forgets the token too, if it can be reached: nobody who finds it later can do anything. Never fails. */
export async function giveTokenBack(token: string): Promise<void> {
  await fetch('/access/device', {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${token}` },
    keepalive: true,
    redirect: 'error'
  }).catch(() => {})
}

/** What the service worker writes notifications in while no page is open. */
export async function rememberLocale(locale: string): Promise<void> {
  await writeMeta(database, 'locale', locale)
}

async function askServer(body: JsonObject): Promise<Enrolled> {
  let response: Response
  try {
    response = await fetch('/access/devices', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
      cache: 'no-store',
      redirect: 'error'
    })
  } catch {
    throw new EnrolProblem('unreachable')
  }
  const answer = (await response.json().catch(() => null)) as (Partial<Enrolled> & { code?: string }) | null
  if (!response.ok) {
    const wait = Number(response.headers.get('retry-after') ?? NaN)
    throw new EnrolProblem(answer?.code ?? 'not_an_answer', Number.isFinite(wait) ? wait * 1000 : null)
  }
  return checkEnrolled(answer)
}

/** A portal's page with status 200 is no sign-in (SY12). */
export function checkEnrolled(answer: Partial<Enrolled> | null): Enrolled {
  const { device, token, user, name, role, short_code, epoch } = answer ?? {}
  const whole = [token, user, name, role, short_code, epoch].every((each) => typeof each === 'string' && each !== '')
  if (!whole || typeof device !== 'string' || !/^[0-9a-f]{16}$/.test(device)) throw new EnrolProblem('not_an_answer')
  return answer as Enrolled
}

/** Writes down who this device is. Work of the same person under an earlier enrolment stays and becomes the new device's. */
export async function keepIdentity(store: DaybookDatabase, enrolled: Enrolled, deviceName: string): Promise<Identity> {
  const identity: Identity = {
    device: enrolled.device,
    account: enrolled.user,
    name: enrolled.name,
    role: enrolled.role,
    dealer: enrolled.dealer ?? null,
    short_code: enrolled.short_code,
    device_name: deviceName
  }
  await store.transaction('rw', store.tables, async () => {
    const before = await readMeta(store, 'identity')
    const samePerson = before?.account === identity.account && before.dealer === identity.dealer
    if (before && !samePerson) {
      if ((await unsent(store)) > 0) throw new EnrolProblem('another_account')
      for (const table of store.tables) await table.clear()
    }
    await writeMeta(store, 'identity', identity)
    await writeMeta(store, 'token', enrolled.token)
    // Numbers begin anew with the new short code. The epoch stays as it was: should the server's differ, it says so (SY6).
    await writeMeta(store, 'counter', 0)
    if ((await readMeta(store, 'epoch')) === undefined) await writeMeta(store, 'epoch', enrolled.epoch)
    await writeMeta(store, 'reached', { ...((await readMeta(store, 'reached')) ?? neverReached(Date.now())), online: true, problem: null })
    if (enrolled.language && !(await readMeta(store, 'locale'))) await writeMeta(store, 'locale', enrolled.language)
  })
  return identity
}
