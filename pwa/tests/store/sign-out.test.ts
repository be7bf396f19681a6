import { afterEach, expect, it, vi } from 'vitest'
import { giveTokenBack } from '../../src/store/session'

afterEach(() => vi.unstubAllGlobals())

it('a device that signs out gives its token back', async () => {
  const asked = vi.fn(async () => new Response(null, { status: 204 }))
  vi.stubGlobal('fetch', asked)
  await giveTokenBack('t1')
  expect(asked).toHaveBeenCalledExactlyOnceWith(
    '/access/device',
    expect.objectContaining({ method: 'DELETE', headers: { Authorization: 'Bearer t1' }, keepalive: true })
  )
})

it('without a network it signs out all the same', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('Failed to fetch'))))
  await expect(giveTokenBack('t1')).resolves.toBeUndefined()
})
