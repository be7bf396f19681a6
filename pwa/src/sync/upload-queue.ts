/**
 * Sends photos that are only here, the newest first, one at a time over all tabs. Entries never wait for it: it has a loop of its
 * own beside the sync's. Nothing of a photo is dropped here; `makeRoom` drops what headquarters has (AT11).
 */
import type { StoredAttachment } from '../attachments/attachment'
import { bytesOf, keepRoom } from '../attachments/keep'
import { type Connection, isWifi } from '../platform/connection'
import { exclusively } from '../platform/locks'
import { toHex } from '../store/bytes'
import { type DaybookDatabase, readMeta, writeMeta } from '../store/database'
import { named, type Round } from './engine'
import { begin, CHUNK, look, sendPart, type Standing, type TusPorts } from './tus'
import { type Fetch, SyncRefusal } from './wire'

export interface QueuePorts {
  database: DaybookDatabase
  fetch: Fetch
  base?: string
  /** What the browser tells of the network now. */
  connection?: () => Connection | null
}

/** The person wants Wi-Fi, and there is none. */
class WaitForWifi extends Error {}
/** Somebody else is signed in now, or nobody. */
class Overtaken extends Error {}

/** How often one photo may have to begin again in one round: more is a server that cannot keep it. */
const MOST_TRIES = 5

export class UploadQueue {
  readonly #ports: Required<QueuePorts>

  constructor(ports: QueuePorts) {
    this.#ports = { base: '', connection: () => null, ...ports }
  }

  /** Never throws for what a network or a server does. One refused photo never blocks the others. */
  async round(): Promise<Round> {
    return await exclusively('daybook-attachments', () => this.#round())
  }

  async #round(): Promise<Round> {
    const { database } = this.#ports
    const token = await readMeta(database, 'token')
    if (!token) return { outcome: 'signed_out' }
    try {
      let sent = 0
      for (let photo = await this.#next(); photo; photo = await this.#next()) {
        await this.#send(token, photo)
        sent++
      }
      await this.#note(false)
      if (sent > 0) await keepRoom(database)
      return { outcome: 'done', requests: sent }
    } catch (thrown) {
      if (thrown instanceof Overtaken) return { outcome: 'signed_out' }
      if (thrown instanceof WaitForWifi) {
        await this.#note(true)
        return { outcome: 'done', requests: 0 }
      }
      const { problem, retryAfter } = named(thrown)
      return problem === 'signed_out_by_server' ? { outcome: 'signed_out' } : { outcome: 'failed', problem, retryAfter }
    }
  }

  async #next(): Promise<StoredAttachment | undefined> {
    const waiting = await this.#ports.database.attachments.where('state').equals('waiting').filter((kept) => kept.uses > 0).sortBy('added')
    return waiting.at(-1)
  }

  async #send(token: string, photo: StoredAttachment): Promise<void> {
    const { database, fetch, base } = this.#ports
    const bytes = await bytesOf(database, photo.hash, 'whole')
    if (!bytes) return await this.#settle(token, photo, { state: 'refused', code: 'hash_mismatch' })
    const wire = { fetch, base, token }
    let place = photo.upload ?? null
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      try {
        await this.#sendFrom(wire, photo, bytes, place)
        return await this.#settle(token, photo, { state: 'stored' })
      } catch (thrown) {
        if (!(thrown instanceof SyncRefusal)) throw thrown
        const { status, code } = thrown
        if (status === 401 || status === 423 || status === 429 || status >= 500) throw thrown
        if (code === 'hash_mismatch' && (await hashOf(bytes)) !== photo.hash) return await this.#settle(token, photo, { state: 'refused', code })
        if (status === 404 || status === 410 || code === 'hash_mismatch') place = null
        else if (status === 409 || code === 'checksum_mismatch') place = (await database.attachments.get([photo.scope, photo.hash]))?.upload ?? null
        else return await this.#settle(token, photo, { state: 'refused', code })
      }
    }
    throw new SyncRefusal(503, 'busy', null)
  }

  /** Ends when headquarters says that it has the photo whole. */
  async #sendFrom(wire: TusPorts, photo: StoredAttachment, bytes: Uint8Array<ArrayBuffer>, place: string | null): Promise<void> {
    await this.#mayGo()
    let at: Standing = (place && (await look(wire, photo, place))) || (await begin(wire, photo))
    // Where it goes on after this tab is killed. Without it the server tells the same place again.
    if (!at.stored) await this.#settle(wire.token, photo, { upload: at.place })
    while (!at.stored) {
      await this.#mayGo()
      // All bytes there and not stored: an empty part makes headquarters finish.
      at = await sendPart(wire, photo, at.place, at.offset, bytes.slice(at.offset, at.offset + CHUNK))
    }
  }

  async #settle(token: string, photo: StoredAttachment, change: Partial<StoredAttachment>): Promise<void> {
    const { database } = this.#ports
    await database.transaction('rw', database.meta, database.attachments, async () => {
      if ((await readMeta(database, 'token')) !== token) throw new Overtaken()
      await database.attachments.where('[scope+hash]').equals([photo.scope, photo.hash]).modify((kept) => {
        Object.assign(kept, change)
        if (change.state) delete kept.upload
      })
    })
  }

  async #mayGo(): Promise<void> {
    const wanted = await readMeta(this.#ports.database, 'photos_wifi_only')
    if (wanted && isWifi(this.#ports.connection()) === false) throw new WaitForWifi()
  }

  async #note(held: boolean): Promise<void> {
    const { database } = this.#ports
    if (((await readMeta(database, 'photos_held')) ?? false) !== held) await writeMeta(database, 'photos_held', held)
  }
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
