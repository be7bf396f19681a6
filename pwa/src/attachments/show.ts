/** The pictures of photos: from this device, else from headquarters with this device's token (an `<img>` bears none). */
import { type DaybookDatabase, readMeta } from '../store/database'
import type { Fetch } from '../sync/wire'
import { type Attachment, type Part, pictureType } from './attachment'
import { bytesOf, keepThumb } from './keep'

/** `elsewhere`: headquarters has not got it, so it waits on the device that took it. `unreachable`: no signal, nobody signed in. */
export type Shown = Blob | 'elsewhere' | 'unreachable'

export async function pictureOf(database: DaybookDatabase, fetch: Fetch, { hash, type }: Pick<Attachment, 'hash' | 'type'>, part: Part): Promise<Shown> {
  const here = await bytesOf(database, hash, part)
  if (here) return new Blob([here], { type: pictureType(part, type) })
  const token = await readMeta(database, 'token')
  if (!token) return 'unreachable'
  let response: Response
  try {
    response = await fetch(`/attachments/${hash}${part === 'thumb' ? '?thumb' : ''}`, {
      headers: { Authorization: `Bearer ${token}` },
      credentials: 'omit',
      redirect: 'error'
    })
    // A portal's page is no picture, and its 404 says nothing of the photo.
    const kind = response.headers.get('content-type') ?? ''
    if (response.status === 404 && kind.startsWith('application/problem+json')) return 'elsewhere'
    if (response.status !== 200 || !kind.startsWith('image/')) return 'unreachable'
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (part === 'thumb') await keepThumb(database, hash, bytes)
    return new Blob([bytes], { type: kind })
  } catch {
    return 'unreachable'
  }
}
