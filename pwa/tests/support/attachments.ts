/** The server's end of docs/attachments.md in memory, and photos to send to it. */
import { concat, toHex } from '../../src/store/bytes'
import type { DaybookDatabase } from '../../src/store/database'
import { keepPhoto } from '../../src/attachments/keep'
import type { Attachment } from '../../src/attachments/attachment'
import type { Fetch } from '../../src/sync/wire'
import { problem } from './server'

interface Upload {
  scope: string
  hash: string
  size: number
  bytes: Uint8Array<ArrayBuffer>
}

const TUS = { 'Tus-Resumable': '1.0.0' }

export class FakeAttachments {
  uploads = new Map<string, Upload>()
  stored = new Set<string>()
  requests: string[] = []
  /** Bytes of parts, as they came: what is sent twice is here twice. */
  received = 0
  /** What comes back instead of the next answers; null: as ever. `lost`: done, and the answer is lost. */
  instead: ((Response | Error) | 'lost' | null)[] = []
  /** Refuses a whole photo by this code. */
  refuse: (hash: string) => string | null = () => null

  readonly fetch: Fetch = async (address, init) => {
    const path = new URL(address, 'http://daybook.test').pathname
    const headers = new Headers(init.headers)
    this.requests.push(`${init.method} ${path}`)
    const instead = this.instead.shift() ?? null
    if (instead instanceof Error) throw instead
    if (instead instanceof Response) return instead
    const answer = await this.#answer(init.method ?? 'GET', path, headers, init.body as Uint8Array | null)
    if (instead === 'lost') throw new TypeError('Failed to fetch')
    return answer
  }

  async #answer(method: string, path: string, headers: Headers, body: Uint8Array | null): Promise<Response> {
    if (headers.get('tus-resumable') !== '1.0.0') return problem(412, 'tus_version_unknown')
    if (method === 'POST') return this.#begin(headers)
    const place = path
    const upload = this.uploads.get(place)
    if (!upload) return problem(404, 'upload_unknown', TUS)
    if (method === 'HEAD') return told(upload, 200)
    if (Number(headers.get('upload-offset')) !== upload.bytes.length) return problem(409, 'offset_conflict', { ...TUS, 'Upload-Offset': String(upload.bytes.length) })
    const part = body ?? new Uint8Array()
    const sum = await crypto.subtle.digest('SHA-256', new Uint8Array(part))
    if (headers.get('upload-checksum') !== `sha256 ${btoa(String.fromCharCode(...new Uint8Array(sum)))}`) return problem(460, 'checksum_mismatch', TUS)
    this.received += part.length
    upload.bytes = concat([upload.bytes, part])
    if (upload.bytes.length < upload.size) return told(upload, 204)
    this.uploads.delete(place)
    const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', upload.bytes)))
    if (hash !== upload.hash) return problem(460, 'hash_mismatch', TUS)
    const code = this.refuse(hash)
    if (code) return problem(422, code, TUS)
    this.stored.add(`${upload.scope} ${hash}`)
    return told(upload, 204, { 'X-Daybook-Stored': hash })
  }

  #begin(headers: Headers): Response {
    const said = Object.fromEntries((headers.get('upload-metadata') ?? '').split(',').map((pair) => pair.split(' ').map((text, i) => (i ? atob(text) : text))) as [string, string][])
    const { hash = '', scope = '' } = said
    const size = Number(headers.get('upload-length'))
    if (this.stored.has(`${scope} ${hash}`)) return told({ size, bytes: { length: size } }, 200, { 'X-Daybook-Stored': hash })
    const earlier = [...this.uploads].find(([, each]) => each.hash === hash && each.scope === scope)
    const place = earlier?.[0] ?? `/attachments/uploads/${String(this.requests.length).padStart(32, '0')}`
    const upload = earlier?.[1] ?? { scope, hash, size, bytes: new Uint8Array() }
    this.uploads.set(place, upload)
    return told(upload, 201, { Location: place })
  }
}

function told(upload: { size: number; bytes: { length: number } }, status: number, more: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { ...TUS, 'Upload-Offset': String(upload.bytes.length), 'Upload-Length': String(upload.size), ...more } })
}

/** A photo of so many bytes, kept as if it was taken now. */
export async function aPhoto(database: DaybookDatabase, size: number, now = Date.now(), scope = 'dealer:alfki'): Promise<Attachment> {
  const whole = crypto.getRandomValues(new Uint8Array(Math.min(size, 60_000)))
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += whole.length) bytes.set(whole.subarray(0, Math.min(whole.length, size - at)), at)
  const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  const fields = { hash, size, type: 'image/jpeg' as const, width: 20, height: 10 }
  return await keepPhoto(database, scope, { fields, whole: bytes, thumb: new Uint8Array([1, 2, 3]), taken_at: new Date(now).toISOString(), place: null }, now)
}
