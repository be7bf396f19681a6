/** Who is signed in at headquarters in this browser. */
import { shallowRef } from 'vue'
import { forgetPushesOfHeadquarters } from '../platform/notifications'
import { ask, onSignedOut, HqProblem } from './api'
import type { Person } from './wire'

export const person = shallowRef<Person | null>(null)
let asked: Promise<void> | null = null

/** Asks the server once who this browser's cookie belongs to. A lost connection throws; nobody signed in does not. */
export async function resume(): Promise<Person | null> {
  asked ??= ask<Person>('GET', '/access/session').then(
    (who) => void (person.value = who),
    (error: unknown) => {
      asked = null
      if (error instanceof HqProblem && error.signedOut) return
      throw error
    }
  )
  await asked
  return person.value
}

export async function signIn(login: string, password: string): Promise<Person> {
  const who = await ask<Person>('POST', '/access/session', { login, password })
  person.value = who
  asked = Promise.resolve()
  return who
}

export async function signOut(): Promise<void> {
  // While the cookie still says whose they are.
  await forgetPushesOfHeadquarters().catch(() => {})
  await ask<void>('DELETE', '/access/session')
  forget()
}

export function forget(): void {
  person.value = null
  asked = null
}

onSignedOut(forget)

const ENROLLERS = new Set(['administrator', 'sales', 'service'])

export const isAdministrator = (): boolean => person.value?.role === 'administrator'
export const mayEnrol = (): boolean => ENROLLERS.has(person.value?.role ?? '')
