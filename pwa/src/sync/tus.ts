/**
 * Uploads of docs/attachments.md: tus 1.0.0 over `fetch`. Written here because tus-js-client reads `window` when it is loaded and
 * sends by XMLHttpRequest: it runs in no service worker, and brings 47 kB for what these three requests do.
 */
import type { StoredAttachment } from '../attachments/attachment'
import { type Fetch, NotAnAnswer, refusal, retryAfter, SyncRefusal } from './wire'

export const CHUNK = 256 * 1024
const VERSION = '1.0.0'
const OFFSET_STREAM = 'application/offset+octet-stream'
const PLACE = /^\/attachments\/uploads\/[0-9a-f]{32}$/

export interface TusPorts {
  fetch: Fetch
  base: string
  token: string
}

/** How far headquarters is: it has the photo whole and safe, or the next part goes to `place` at `offset`. */
export type Standing = { stored: true } | { stored: false; place: string; offset: number }

type Sent = Pick<StoredAttachment, 'hash' | 'scope' | 'size' | 'type'>

/** A new upload, the one begun earlier, or none because the scope has the photo. Throws as `exchange` of wire.ts. */
export async function begin(ports: TusPorts, photo: Sent): Promise<Standing> {
  const metadata = { hash: photo.hash, scope: photo.scope, type: photo.type }
  const response = await ask(ports, 'POST', '/attachments', {
    'Upload-Length': String(photo.size),
    'Upload-Metadata': Object.entries(metadata).map(([name, value]) => `${name} ${btoa(value)}`).join(',')
  })
  if (response.status !== 200 && response.status !== 201) throw await refusal(response)
  return standing(response, photo, response.headers.get('location') ?? '')
}

/** Where the upload at `place` goes on; null if headquarters knows it no more. */
export async function look(ports: TusPorts, photo: Sent, place: string): Promise<Standing | null> {
  const response = await ask(ports, 'HEAD', place, {})
  if (response.status === 200) return standing(response, photo, place)
  if (!speaksTus(response)) throw new NotAnAnswer(`status ${response.status}`)
  // An answer to HEAD has no body to say why.
  if ([401, 423, 429].includes(response.status) || response.status >= 500) {
    throw new SyncRefusal(response.status, 'unnamed', retryAfter(response.headers.get('retry-after')))
  }
  return null
}

/** Sends a part with its checksum. */
export async function sendPart(ports: TusPorts, photo: Sent, place: string, offset: number, part: Uint8Array<ArrayBuffer>): Promise<Standing> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', part))
  const headers = {
    'Content-Type': OFFSET_STREAM,
    'Upload-Offset': String(offset),
    'Upload-Checksum': `sha256 ${btoa(String.fromCharCode(...sum))}`
  }
  const response = await ask(ports, 'PATCH', place, headers, part)
  if (response.status !== 204) throw await refusal(response)
  return standing(response, photo, place)
}

async function ask(ports: TusPorts, method: string, path: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>): Promise<Response> {
  return await ports.fetch(`${ports.base}${path}`, {
    method,
    headers: { Authorization: `Bearer ${ports.token}`, 'Tus-Resumable': VERSION, ...headers },
    body: body ?? null,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error'
  })
}

/** SY12: a portal answers 200 and 204 too, but not in tus, and never with the hash. */
function standing(response: Response, photo: Sent, place: string): Standing {
  if (!speaksTus(response)) throw new NotAnAnswer('no tus')
  if (response.headers.get('x-daybook-stored') === photo.hash) return { stored: true }
  const offset = Number(response.headers.get('upload-offset') ?? NaN)
  if (!Number.isInteger(offset) || offset < 0 || offset > photo.size) throw new NotAnAnswer('no offset')
  if (!PLACE.test(place)) throw new NotAnAnswer('no place')
  return { stored: false, place, offset }
}

function speaksTus(response: Response): boolean {
  return response.headers.get('tus-resumable') === VERSION
}
