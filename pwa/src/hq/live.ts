/** The live channel: the server says which scopes moved, the screens read again what they show. */
import { ref } from 'vue'

export type LiveState = 'off' | 'connecting' | 'live'
export interface Poke {
  scope: string
  seq: number
}

export const liveState = ref<LiveState>('off')

const SHORTEST_MS = 500
const LONGEST_MS = 30_000
const SIGNED_OUT = 4401
const POLLED_AFTER = 4
const ANYTHING: Poke = { scope: '*', seq: 0 }

const readers = new Set<(poke: Poke) => void>()
let socket: WebSocket | null = null
let wanted = false
let failures = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** The scope `*` stands for: anything may have moved while nobody was told. Returns how to stop. */
export function onPoke(reader: (poke: Poke) => void): () => void {
  readers.add(reader)
  return () => readers.delete(reader)
}

/** Doubles from half a second to half a minute; a random part keeps browsers from coming back all at once. */
export function waitBefore(attempt: number, random = Math.random): number {
  return Math.min(LONGEST_MS, SHORTEST_MS * 2 ** attempt) * (0.5 + random() / 2)
}

export function parsePoke(text: unknown): Poke | null {
  if (typeof text !== 'string') return null
  try {
    const value = JSON.parse(text) as Partial<Poke> | null
    if (typeof value?.scope !== 'string') return null
    return { scope: value.scope, seq: Number(value.seq ?? 0) }
  } catch {
    return null
  }
}

function tell(poke: Poke): void {
  for (const reader of readers) reader(poke)
}

function open(): void {
  clearTimeout(timer)
  if (!wanted || socket) return
  liveState.value = 'connecting'
  const address = new URL('/live', location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  const mine = new WebSocket(address)
  socket = mine
  mine.onmessage = (event) => {
    // The first word after the cookie was looked at is `{"live": true}`; an open socket alone says nothing.
    if (liveState.value !== 'live') {
      failures = 0
      liveState.value = 'live'
      // Also the first time: what moved between the first reading and now was told to nobody.
      tell(ANYTHING)
    }
    const poke = parsePoke(event.data)
    if (poke) tell(poke)
  }
  mine.onclose = (event) => {
    if (socket !== mine) return
    socket = null
    if (!wanted || event.code === SIGNED_OUT) {
      liveState.value = 'off'
      return
    }
    liveState.value = 'connecting'
    // Where no socket gets through (a proxy may forbid them), each further attempt is a reading as well.
    if (failures >= POLLED_AFTER) tell(ANYTHING)
    timer = setTimeout(open, waitBefore(failures++))
  }
}

/** A socket does not notice at once that the network is gone; the browser does. */
function cut(): void {
  const mine = socket
  socket = null
  failures = Math.max(failures, 1)
  if (wanted) liveState.value = 'connecting'
  mine?.close()
  clearTimeout(timer)
  if (wanted) timer = setTimeout(open, waitBefore(failures++))
}

function hurry(): void {
  if (!wanted || socket) return
  failures = Math.max(failures, 1)
  open()
}

export function startLive(): void {
  if (wanted) return
  wanted = true
  failures = 0
  addEventListener('online', hurry)
  addEventListener('offline', cut)
  open()
}

export function stopLive(): void {
  wanted = false
  clearTimeout(timer)
  removeEventListener('online', hurry)
  removeEventListener('offline', cut)
  const mine = socket
  socket = null
  mine?.close()
  liveState.value = 'off'
}
