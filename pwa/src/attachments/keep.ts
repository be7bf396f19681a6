/**
 * Photos in the local store. Bytes of what headquarters has may go when room is needed, the oldest first; thumbnails stay, and so
 * does every photo that is only here (AT11).
 */
import type { DaybookDatabase } from '../store/database'
import { isQuota } from '../store/problem'
import { type Attachment, type AttachmentBytes, type Part, PhotoProblem } from './attachment'
import type { Prepared } from './photo'

/** Bytes that are freed at once: room for what comes next, too. */
const FREED = 20_000_000
/** Part of the browser's quota above which room is made before it is missing. */
const FULL = 0.8

export interface Taken extends Prepared {
  taken_at: string
  place: string | null
}

/** Keeps a photo, strictly durable, and answers what the document says of it. PhotoProblem `storage_full`: nothing was kept. */
export async function keepPhoto(database: DaybookDatabase, scope: string, taken: Taken, now = Date.now()): Promise<Attachment> {
  const attachment: Attachment = { ...taken.fields, taken_at: taken.taken_at, place: taken.place }
  const { hash } = attachment
  const write = (): Promise<void> =>
    database.transaction('rw', database.attachments, database.attachmentBytes, async () => {
      const before = await database.attachments.get([scope, hash])
      // The same picture again is once more in use; one that was refused is offered anew, its bytes may have been damaged here.
      const kept = before && before.state !== 'refused' ? before : { ...attachment, scope, state: 'waiting' as const, added: now, uses: before?.uses ?? 0 }
      await database.attachments.put({ ...kept, uses: kept.uses + 1 })
      await database.attachmentBytes.bulkPut([
        { hash, part: 'whole', bytes: taken.whole, kept: now },
        { hash, part: 'thumb', bytes: taken.thumb, kept: now }
      ])
    })
  try {
    await write()
  } catch (problem) {
    if (!isQuota(problem)) throw problem
    try {
      if ((await makeRoom(database, taken.whole.length + FREED)) === 0) throw problem
      await write()
    } catch (again) {
      throw isQuota(again) ? new PhotoProblem('storage_full') : again
    }
  }
  return attachment
}

/** The photo stands in one entry more, or less. What stands in none is kept and not sent; it may come back. */
export async function countUse(database: DaybookDatabase, scope: string, hash: string, change: 1 | -1): Promise<void> {
  await database.attachments.where('[scope+hash]').equals([scope, hash]).modify((kept) => {
    kept.uses = Math.max(0, kept.uses + change)
  })
}

export async function bytesOf(database: DaybookDatabase, hash: string, part: Part): Promise<Uint8Array<ArrayBuffer> | null> {
  return (await database.attachmentBytes.get([hash, part]))?.bytes ?? null
}

/** A thumbnail that came from headquarters. It is no loss if there is no room for it. */
export async function keepThumb(database: DaybookDatabase, hash: string, bytes: Uint8Array<ArrayBuffer>, now = Date.now()): Promise<void> {
  const thumb: AttachmentBytes = { hash, part: 'thumb', bytes, kept: now }
  await database.attachmentBytes.put(thumb).catch((problem: unknown) => {
    if (!isQuota(problem)) throw problem
  })
}

/** Photos that only this device has and that entries name. */
export async function countWaiting(database: DaybookDatabase): Promise<number> {
  return await database.attachments.where('state').equals('waiting').filter((kept) => kept.uses > 0).count()
}

/**
 * Drops the bytes of photos that headquarters has, oldest first, until so many are freed. Answers how many were. A photo that is
 * stored in one scope and waits in another stays.
 */
export async function makeRoom(database: DaybookDatabase, wanted: number): Promise<number> {
  return await database.transaction('rw', database.attachments, database.attachmentBytes, async () => {
    const stored = await database.attachments.where('state').equals('stored').sortBy('added')
    const needed = new Set((await database.attachments.where('state').notEqual('stored').toArray()).map((kept) => kept.hash))
    let freed = 0
    for (const { hash, size } of stored) {
      if (freed >= wanted) break
      if (needed.has(hash)) continue
      const gone = await database.attachmentBytes.where('[hash+part]').equals([hash, 'whole']).delete()
      if (gone > 0) freed += size
    }
    return freed
  })
}

/** Makes room before it is missing, where the browser tells how much there is. */
export async function keepRoom(database: DaybookDatabase, storage: Pick<StorageManager, 'estimate'> | undefined = globalThis.navigator?.storage): Promise<number> {
  const { usage = 0, quota = 0 } = (await storage?.estimate?.().catch(() => undefined)) ?? {}
  return quota > 0 && usage > quota * FULL ? await makeRoom(database, usage - quota * FULL) : 0
}

/** SY6: a restored backup may lack what was stored: all that is here is offered again. What has no bytes any more stays as it is. */
export async function offerAgain(database: DaybookDatabase): Promise<void> {
  const here = new Set((await database.attachmentBytes.where('part').equals('whole').primaryKeys()).map(([hash]) => hash))
  await database.attachments.where('state').equals('stored').modify((kept) => {
    if (here.has(kept.hash)) kept.state = 'waiting'
    delete kept.upload
  })
}
