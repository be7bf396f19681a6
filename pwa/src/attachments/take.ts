/** From a file of the camera to a photo that is safe on this device. Runs in the page: only there is a place to be asked for. */
import { askForRoom } from '../platform/room'
import { callsTo, WorkerProblem } from '../store/rpc'
import { database, theWorker } from '../store/store'
import { type Attachment, PhotoProblem, type PhotoProblemCode } from './attachment'
import { countUse, keepPhoto } from './keep'
import { type Prepared, preparePhoto } from './photo'
import type { PhotoWorkerFace } from './photo-worker'
import { whereAmI } from './place'

const CODES: ReadonlySet<string> = new Set<PhotoProblemCode>(['not_a_picture', 'storage_full', 'not_signed_in', 'failed'])
/** A camera of the nineties or a wrong clock: such a time says nothing. */
const EARLIEST = Date.parse('2000-01-01T00:00:00Z')

/**
 * Keeps the photo on this device and answers what the entry says of it; it is sent by itself. `camera`: taken now and here, as
 * against a picture that was chosen from the device. PhotoProblem: nothing was kept.
 */
export async function addPhoto(file: File, scope: string, camera: boolean): Promise<Attachment> {
  void askForRoom()
  const taken_at = new Date(camera ? Date.now() : timeOf(file)).toISOString()
  // A chosen picture may have been taken anywhere.
  const [prepared, place] = await Promise.all([prepare(file), camera ? whereAmI() : null])
  const attachment = await keepPhoto(database, scope, { ...prepared, taken_at, place })
  void theWorker().photos()
  return attachment
}

/** It was removed from an entry, or `back` again: see `countUse`. */
export async function photoUsed(scope: string, hash: string, back: boolean): Promise<void> {
  await countUse(database, scope, hash, back ? 1 : -1)
  if (back) void theWorker().photos()
}

function timeOf(file: File): number {
  return file.lastModified > EARLIEST && file.lastModified <= Date.now() ? file.lastModified : Date.now()
}

/** In a worker of its own, which ends with it and gives its memory back; in the page where workers cannot draw. */
async function prepare(file: Blob): Promise<Prepared> {
  if (typeof OffscreenCanvas === 'undefined') return await preparePhoto(file)
  const worker = new Worker(new URL('./photo-worker.ts', import.meta.url), { type: 'module', name: 'photo' })
  try {
    const broken = new Promise<never>((_, reject) => worker.addEventListener('error', () => reject(new PhotoProblem('failed'))))
    return await Promise.race([callsTo<PhotoWorkerFace>(worker, () => {}).prepare(file), broken])
  } catch (problem) {
    if (problem instanceof WorkerProblem && CODES.has(problem.code)) throw new PhotoProblem(problem.code as PhotoProblemCode)
    throw problem instanceof PhotoProblem ? problem : new PhotoProblem('failed')
  } finally {
    worker.terminate()
  }
}
