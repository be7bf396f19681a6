/** Web Push: asking the person, subscribing, and taking it back. Nothing depends on it: the sync brings all of it too. */
import { readMeta } from '../store/database'
import { database } from '../store/store'

export type PushState = 'unsupported' | 'denied' | 'off' | 'on'

/** Subscribing hangs in browsers that cannot reach their push service. */
const PATIENCE = 10_000

export async function pushState(): Promise<PushState> {
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis) || !('Notification' in globalThis)) return 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  return (await currentSubscription()) ? 'on' : 'off'
}

/** Call it from a tap. Throws when the push service or the server cannot be reached. */
export async function usePushes(): Promise<PushState> {
  if ((await pushState()) === 'unsupported') return 'unsupported'
  if ((await Notification.requestPermission()) !== 'granted') return await pushState()
  const { key } = (await (await told('/notify/key', 'GET')).json()) as { key: string }
  const registration = await navigator.serviceWorker.ready
  const subscription = await inTime(registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
  await told('/notify/subscriptions', 'POST', subscription.toJSON())
  return 'on'
}

export async function forgetPushes(): Promise<void> {
  const subscription = await currentSubscription()
  if (!subscription) return
  await told('/notify/subscriptions', 'DELETE', { endpoint: subscription.endpoint }).catch(() => {})
  await subscription.unsubscribe()
}

/** Of a person at headquarters who signs out; a browser that is a device too goes on as that. */
export async function forgetPushesOfHeadquarters(): Promise<void> {
  if (!(await readMeta(database, 'token'))) await forgetPushes()
}

async function currentSubscription(): Promise<PushSubscription | null> {
  if (!('serviceWorker' in navigator)) return null
  const registration = await navigator.serviceWorker.getRegistration()
  return (await registration?.pushManager?.getSubscription()) ?? null
}

async function told(address: string, method: string, body?: unknown): Promise<Response> {
  const token = await readMeta(database, 'token')
  const response = await fetch(address, {
    method,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : { 'X-Daybook': '1' }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' })
    },
    body: body === undefined ? undefined : JSON.stringify(body)
  })
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  return response
}

async function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('the push service does not answer')), PATIENCE))
  return await Promise.race([promise, late])
}
