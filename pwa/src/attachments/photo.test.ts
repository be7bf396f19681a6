import { describe, expect, it, vi } from 'vitest'
import { toHex } from '../store/bytes'
import { geoOf, whereAmI } from './place'
import { LARGEST_FILE, type PhotoPorts, preparePhoto, within } from './photo'

const drawn = (width: number, height: number): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${width}x${height}`)

function ports(width: number, height: number, more: Partial<PhotoPorts> = {}): PhotoPorts & { close: ReturnType<typeof vi.fn> } {
  const close = vi.fn()
  return {
    close,
    decode: async () => ({ width, height, close }),
    draw: async (_, w, h) => new Blob([drawn(w, h)], { type: 'image/jpeg' }),
    ...more
  }
}

const file = new Blob(['whatever a camera writes: GPS and all'])

describe('a photo for an entry', () => {
  it('has at most 2048 pixels and a thumbnail of 320, and is named by the hash of what was drawn', async () => {
    const browser = ports(4000, 3000)
    const { fields, whole, thumb } = await preparePhoto(file, browser)
    expect(whole).toEqual(drawn(2048, 1536))
    expect(thumb).toEqual(drawn(320, 240))
    const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)))
    expect(fields).toEqual({ hash, size: whole.length, type: 'image/jpeg', width: 2048, height: 1536 })
    expect(browser.close).toHaveBeenCalledOnce()
  })

  it.each([
    [{ width: 100, height: 50 }, 320, { width: 100, height: 50 }],
    [{ width: 3000, height: 4000 }, 320, { width: 240, height: 320 }],
    [{ width: 9000, height: 2 }, 320, { width: 320, height: 1 }]
  ])('%j within %i is %j', (size, side, expected) => expect(within(size, side)).toEqual(expected))

  it('that this device cannot open is told, and its memory is given back', async () => {
    const cannot = ports(1, 1, { decode: () => Promise.reject(new DOMException('no', 'InvalidStateError')) })
    await expect(preparePhoto(file, cannot)).rejects.toMatchObject({ code: 'not_a_picture' })
    await expect(preparePhoto(new Blob([]), ports(1, 1))).rejects.toMatchObject({ code: 'not_a_picture' })
    await expect(preparePhoto({ size: LARGEST_FILE + 1 } as Blob, ports(1, 1))).rejects.toMatchObject({ code: 'not_a_picture' })
    // A browser that cannot pack JPEG packs PNG and says nothing.
    const png = ports(9, 9, { draw: async () => new Blob(['x'], { type: 'image/png' }) })
    await expect(preparePhoto(file, png)).rejects.toMatchObject({ code: 'failed' })
    expect(png.close).toHaveBeenCalledOnce()
  })
})

describe('where it was taken', () => {
  const found = (coords: object): Geolocation => ({ getCurrentPosition: (ok: PositionCallback) => ok({ coords } as GeolocationPosition) }) as unknown as Geolocation

  it('is a geo address', async () => {
    expect(await whereAmI(found({ latitude: 31.2304161, longitude: 121.4737009, accuracy: 11.2 }))).toBe('geo:31.230416,121.473701;u=12')
    expect(geoOf({ latitude: -0.0000001, longitude: 10, accuracy: NaN })).toBe('geo:0,10')
    expect(geoOf({ latitude: 91, longitude: 0, accuracy: 1 })).toBeNull()
  })

  it('is nothing when it is denied, missing, broken, or late', async () => {
    const denied = { getCurrentPosition: (_: unknown, no: () => void) => no() } as unknown as Geolocation
    const broken = { getCurrentPosition: () => { throw new Error('policy') } } as unknown as Geolocation
    const silent = { getCurrentPosition: () => {} } as unknown as Geolocation
    for (const each of [denied, broken, undefined]) expect(await whereAmI(each)).toBeNull()
    const began = Date.now()
    expect(await whereAmI(silent, 50)).toBeNull()
    expect(Date.now() - began).toBeLessThan(1_000)
  })
})
