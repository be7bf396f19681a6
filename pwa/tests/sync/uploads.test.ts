import { describe, expect, it, vi } from 'vitest'
import { bytesOf, countUse, countWaiting, keepPhoto, keepRoom, makeRoom, offerAgain } from '../../src/attachments/keep'
import { pictureOf } from '../../src/attachments/show'
import type { Connection } from '../../src/platform/connection'
import { type DaybookDatabase, readMeta, writeMeta } from '../../src/store/database'
import { keepIdentity } from '../../src/store/session'
import { SyncEngine } from '../../src/sync/engine'
import { CHUNK } from '../../src/sync/tus'
import { UploadQueue } from '../../src/sync/upload-queue'
import { aPhoto, FakeAttachments } from '../support/attachments'
import { FakeServer, problem } from '../support/server'
import { newTablet, scope } from '../support/tablet'

async function tablet(type?: string): Promise<{ database: DaybookDatabase; server: FakeAttachments; queue: UploadQueue; connection: { type: string | undefined } }> {
  const { database } = await newTablet()
  const server = new FakeAttachments()
  const connection = { type }
  return { database, server, connection, queue: new UploadQueue({ database, fetch: server.fetch, connection: () => connection as unknown as Connection }) }
}

const stateOf = async (database: DaybookDatabase, hash: string): Promise<string | undefined> => (await database.attachments.get([scope, hash]))?.state

describe('photos are sent', () => {
  it('[AT1] in parts, and are stored when the server says so with their hash', async () => {
    const { database, server, queue } = await tablet()
    const photo = await aPhoto(database, CHUNK * 2 + 5)
    expect(await countWaiting(database)).toBe(1)
    expect(await queue.round()).toEqual({ outcome: 'done', requests: 1 })
    expect(await stateOf(database, photo.hash)).toBe('stored')
    expect(await countWaiting(database)).toBe(0)
    expect(server.requests.map((request) => request.split(' ')[0])).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH'])
    expect(server.received).toBe(photo.size)
    expect(await queue.round()).toEqual({ outcome: 'done', requests: 0 })
  })

  it('the newest first, and nothing twice that the server has', async () => {
    const { database, server, queue } = await tablet()
    const photos = [await aPhoto(database, 10, 1_000), await aPhoto(database, 20, 3_000), await aPhoto(database, 30, 2_000)]
    server.stored.add(`${scope} ${photos[2]!.hash}`)
    const order: number[] = []
    const fetch = server.fetch
    const queueOf = new UploadQueue({ database, fetch: async (address, init) => {
      if (init.method === 'POST') order.push(Number(new Headers(init.headers).get('upload-length')))
      return await fetch(address, init)
    } })
    await queueOf.round()
    expect(order).toEqual([20, 30, 10])
    expect(server.received).toBe(30)
    expect(await queue.round()).toEqual({ outcome: 'done', requests: 0 })
  })

  it('[AT3] on from where it was when the tab was killed, with at most one part twice', async () => {
    const { database, server } = await tablet()
    const photo = await aPhoto(database, CHUNK * 4)
    // Every answer but the first is lost: whatever was sent, the tab never heard of it and was killed there.
    for (let kill = 0; kill < 4; kill++) {
      server.instead = kill === 0 ? ['lost'] : [null, 'lost']
      const round = await new UploadQueue({ database, fetch: server.fetch }).round()
      expect(round).toMatchObject({ outcome: 'failed', problem: 'unreachable' })
    }
    server.instead = []
    expect(await new UploadQueue({ database, fetch: server.fetch }).round()).toMatchObject({ outcome: 'done' })
    expect(await stateOf(database, photo.hash)).toBe('stored')
    expect(server.received).toBeLessThanOrEqual(photo.size + CHUNK)
  })

  it('anew when the upload ran out, at the right place when the offset is another', async () => {
    const { database, server, queue } = await tablet()
    const photo = await aPhoto(database, CHUNK + 10)
    server.instead = [null, null, new TypeError('Failed to fetch')]
    await queue.round()
    expect((await database.attachments.get([scope, photo.hash]))?.upload).toMatch(/^\/attachments\/uploads\//)
    server.uploads.clear()
    server.instead = []
    expect(await queue.round()).toMatchObject({ outcome: 'done', requests: 1 })
    const other = await aPhoto(database, CHUNK + 11)
    server.instead = [null, problem(409, 'offset_conflict', { 'Tus-Resumable': '1.0.0' }), null, null, problem(460, 'checksum_mismatch')]
    await queue.round()
    expect(await stateOf(database, other.hash)).toBe('stored')
  })

  it('[AT7] and one that is refused stays here and blocks no other', async () => {
    const { database, server, queue } = await tablet()
    const bad = await aPhoto(database, 500, 2_000)
    const good = await aPhoto(database, 400, 1_000)
    server.refuse = (hash) => (hash === bad.hash ? 'image_unreadable' : null)
    expect(await queue.round()).toMatchObject({ outcome: 'done', requests: 2 })
    expect(await database.attachments.get([scope, bad.hash])).toMatchObject({ state: 'refused', code: 'image_unreadable' })
    expect(await stateOf(database, good.hash)).toBe('stored')
    expect(await bytesOf(database, bad.hash, 'whole')).toHaveLength(500)
    expect(await queue.round()).toMatchObject({ requests: 0 })
  })

  it('[SY12] and no portal makes one stored', async () => {
    const { database, server, queue } = await tablet()
    const photo = await aPhoto(database, 100)
    const portals = [
      new Response('<html>', { status: 200, headers: { 'Content-Type': 'text/html' } }),
      new Response(null, { status: 204 }),
      new Response('', { status: 200, headers: { 'Tus-Resumable': '1.0.0' } }),
      new Response('', { status: 201, headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', Location: 'https://evil.example/uploads/1' } }),
      new Response('no', { status: 403 })
    ]
    for (const portal of portals) {
      server.instead = [portal]
      expect(await queue.round()).toMatchObject({ outcome: 'failed', problem: 'not_an_answer' })
      expect(await stateOf(database, photo.hash)).toBe('waiting')
    }
    server.instead = [problem(503, 'storage_full', { 'Retry-After': '900' })]
    expect(await queue.round()).toEqual({ outcome: 'failed', problem: 'busy', retryAfter: 900_000 })
    server.instead = [problem(401, 'device_revoked')]
    expect(await queue.round()).toEqual({ outcome: 'signed_out' })
    expect(await stateOf(database, photo.hash)).toBe('waiting')
  })

  it('by one tab at a time', async () => {
    const { database, server } = await tablet()
    const photo = await aPhoto(database, CHUNK * 3)
    await Promise.all(Array.from({ length: 4 }, () => new UploadQueue({ database, fetch: server.fetch }).round()))
    expect(server.received).toBe(photo.size)
  })

  it('on Wi-Fi alone where the person wants it, and stops in between', async () => {
    const { database, server, queue, connection } = await tablet('cellular')
    const photo = await aPhoto(database, CHUNK * 3)
    await writeMeta(database, 'photos_wifi_only', true)
    expect(await queue.round()).toEqual({ outcome: 'done', requests: 0 })
    expect(server.requests).toEqual([])
    expect(await readMeta(database, 'photos_held')).toBe(true)
    connection.type = 'wifi'
    const fetch = vi.fn(server.fetch)
    fetch.mockImplementationOnce(server.fetch).mockImplementationOnce(async (address, init) => {
      connection.type = 'cellular'
      return await server.fetch(address, init)
    })
    await new UploadQueue({ database, fetch, connection: () => connection as unknown as Connection }).round()
    expect(server.received).toBe(CHUNK)
    connection.type = undefined
    await queue.round()
    expect(await stateOf(database, photo.hash), 'where nothing is known nothing is held').toBe('stored')
    expect(await readMeta(database, 'photos_held')).toBe(false)
  })

  it('but not one that stands in no entry any more, until it does again', async () => {
    const { database, server, queue } = await tablet()
    const { hash } = await aPhoto(database, 10)
    await countUse(database, scope, hash, -1)
    expect(await countWaiting(database)).toBe(0)
    await queue.round()
    expect(server.requests).toEqual([])
    await countUse(database, scope, hash, 1)
    await queue.round()
    expect(await stateOf(database, hash)).toBe('stored')
  })
})

describe('photos are kept', () => {
  it('[AT11] and only bytes that headquarters has go, the oldest first; thumbnails stay', async () => {
    const { database, queue } = await tablet()
    const old = await aPhoto(database, 1_000, 1)
    const young = await aPhoto(database, 1_000, 2)
    await queue.round()
    const waiting = await aPhoto(database, 1_000, 0)
    expect(await makeRoom(database, 1)).toBe(1_000)
    expect(await bytesOf(database, old.hash, 'whole')).toBeNull()
    expect(await bytesOf(database, young.hash, 'whole')).not.toBeNull()
    expect(await makeRoom(database, 1_000_000)).toBe(1_000)
    expect(await bytesOf(database, waiting.hash, 'whole')).not.toBeNull()
    for (const { hash } of [old, young, waiting]) expect(await bytesOf(database, hash, 'thumb')).not.toBeNull()
    expect(await makeRoom(database, 1_000_000)).toBe(0)
  })

  it('[AT11] room is made only when it is short', async () => {
    const { database, queue } = await tablet()
    const photo = await aPhoto(database, 1_000)
    await queue.round()
    expect(await keepRoom(database, { estimate: async () => ({ usage: 10, quota: 100 }) })).toBe(0)
    expect(await keepRoom(database, undefined)).toBe(0)
    expect(await bytesOf(database, photo.hash, 'whole')).not.toBeNull()
    expect(await keepRoom(database, { estimate: async () => ({ usage: 90, quota: 100 }) })).toBe(1_000)
  })

  it('a full device makes room, else says so and keeps what it had', async () => {
    const { database, queue } = await tablet()
    const first = await aPhoto(database, 1_000)
    await queue.round()
    const full = Object.assign(new Error('full'), { name: 'QuotaExceededError' })
    const put = vi.spyOn(database.attachmentBytes, 'bulkPut').mockRejectedValueOnce(full)
    const second = await aPhoto(database, 900)
    expect(await bytesOf(database, first.hash, 'whole')).toBeNull()
    expect(await bytesOf(database, second.hash, 'whole')).toHaveLength(900)
    put.mockRejectedValue(full)
    await expect(aPhoto(database, 800)).rejects.toMatchObject({ code: 'storage_full' })
    put.mockRestore()
    expect(await database.attachments.count()).toBe(2)
    expect(await stateOf(database, second.hash)).toBe('waiting')
  })

  it('the same picture twice is one, and stays wanted until both are removed', async () => {
    const { database } = await tablet()
    const fields = { hash: 'a'.repeat(64), size: 3, type: 'image/jpeg' as const, width: 1, height: 1 }
    const taken = { fields, whole: new Uint8Array(3), thumb: new Uint8Array(1), taken_at: '2026-03-01T08:00:00Z', place: null }
    await keepPhoto(database, scope, taken)
    await keepPhoto(database, scope, taken)
    await countUse(database, scope, fields.hash, -1)
    expect(await countWaiting(database)).toBe(1)
    await countUse(database, scope, fields.hash, -1)
    expect(await countWaiting(database)).toBe(0)
  })

  it('[AT11] another epoch offers again what is here', async () => {
    const { database, identity } = await newTablet()
    const server = new FakeAttachments()
    const queue = new UploadQueue({ database, fetch: server.fetch })
    const [here, gone] = [await aPhoto(database, 1_000, 2), await aPhoto(database, 1_000, 1)]
    await queue.round()
    await makeRoom(database, 1)
    const sync = new FakeServer()
    sync.epoch = 'another'
    expect(identity.dealer).toBe('alfki')
    expect(await new SyncEngine({ database, fetch: sync.fetch }).round()).toMatchObject({ outcome: 'done' })
    expect([await stateOf(database, here.hash), await stateOf(database, gone.hash)]).toEqual(['waiting', 'stored'])
    server.stored.clear()
    await queue.round()
    expect([...server.stored]).toEqual([`${scope} ${here.hash}`])
    await offerAgain(database)
    expect(await countWaiting(database)).toBe(1)
  })

  it('nobody else signs in over photos that are only here', async () => {
    const { database } = await newTablet()
    await aPhoto(database, 10)
    const other = { device: 'b'.repeat(16), token: 't', user: 'u2', name: 'n', role: 'owner', dealer: 'berga', short_code: 'S', epoch: 'epoch-1' }
    await expect(keepIdentity(database, other, 'tablet')).rejects.toMatchObject({ code: 'another_account' })
    expect(await countWaiting(database)).toBe(1)
  })
})

describe('photos are shown', () => {
  it('from here, else from headquarters, else it is said why not', async () => {
    const { database } = await tablet()
    const mine = await aPhoto(database, 10)
    const never = vi.fn()
    expect(await pictureOf(database, never, mine, 'whole')).toBeInstanceOf(Blob)
    expect(never).not.toHaveBeenCalled()
    const theirs = { hash: 'f'.repeat(64), type: 'image/png' as const }
    const answers: (() => Response)[] = [
      () => problem(404, 'attachment_unknown'),
      () => new Response('<html>', { status: 404, headers: { 'Content-Type': 'text/html' } }),
      () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } }),
      () => new Response(new Uint8Array([9]), { headers: { 'Content-Type': 'image/jpeg' } })
    ]
    const shown = []
    for (const answer of answers) shown.push(await pictureOf(database, async () => answer(), theirs, 'thumb'))
    expect(shown.slice(0, 3)).toEqual(['elsewhere', 'unreachable', 'unreachable'])
    expect(shown[3]).toBeInstanceOf(Blob)
    expect(await bytesOf(database, theirs.hash, 'thumb')).toEqual(new Uint8Array([9]))
    expect(await pictureOf(database, async () => { throw new TypeError('Failed to fetch') }, theirs, 'whole')).toBe('unreachable')
  })
})
