/** A whole tablet for tests: real store on a fake IndexedDB, real Automerge, real engine; only the network is a function. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { initializeWasm } from '@automerge/automerge/slim'
import { DaybookDatabase, writeMeta } from '../../src/store/database'
import { Documents } from '../../src/store/documents'
import { keepIdentity } from '../../src/store/session'
import type { Identity, JsonObject } from '../../src/store/types'
import { SyncEngine } from '../../src/sync/engine'
import type { Fetch } from '../../src/sync/wire'

let started: Promise<void> | null = null

export function ready(): Promise<void> {
  const file = createRequire(import.meta.url).resolve('@automerge/automerge/automerge.wasm')
  started ??= initializeWasm(readFileSync(file))
  return started
}

let made = 0

export interface Tablet {
  database: DaybookDatabase
  documents: Documents
  engine: SyncEngine
  identity: Identity
  /** The same store after the tab was killed: nothing in memory is left. */
  reopened: () => Tablet
}

export async function newTablet(fetch: Fetch = noNetwork, device?: string): Promise<Tablet> {
  const n = ++made
  const id = device ?? n.toString(16).padStart(16, 'a')
  const name = `tablet-${n}`
  const database = new DaybookDatabase(name)
  const enrolled = {
    device: id,
    token: `token-${id}`,
    user: 'u1',
    name: `Person ${n}`,
    role: 'dealer_staff',
    dealer: 'alfki',
    short_code: `T${n}`,
    epoch: 'epoch-1'
  }
  const identity = await keepIdentity(database, enrolled, name)
  return tabletOn(database, name, fetch, identity)
}

function tabletOn(database: DaybookDatabase, name: string, fetch: Fetch, identity: Identity): Tablet {
  return {
    database,
    identity,
    documents: new Documents({ database, ready }),
    engine: new SyncEngine({ database, fetch }),
    reopened: () => {
      database.close()
      return tabletOn(new DaybookDatabase(name), name, fetch, identity)
    }
  }
}

export async function noNetwork(): Promise<Response> {
  throw new TypeError('Failed to fetch')
}

export async function forgetEpoch(database: DaybookDatabase): Promise<void> {
  await writeMeta(database, 'epoch', 'an-earlier-epoch')
}

export const scope = 'dealer:alfki'

export function anOrder(): JsonObject {
  return {
    dealer: 'alfki',
    currency: 'CNY',
    stage: 'draft',
    created_at: '2026-03-01T08:00:00Z',
    note: 'call before delivery',
    ship_to: {},
    lines: { l1: { position: 0, product: 'chai', quantity: '3', unit: 'pcs', price: 1800, discount_bp: 0, note: '' } }
  }
}
