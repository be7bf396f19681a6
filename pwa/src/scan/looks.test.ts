import { describe, expect, it, vi } from 'vitest'
import { mayBeGs1, nativeLook } from './looks'
import { GS } from './scan'

const video = { videoWidth: 1280, videoHeight: 720 } as HTMLVideoElement
const box = { x: 600, y: 300, width: 80, height: 60 } as DOMRectReadOnly
const label = { rawValue: '010690123456789210L717270331', format: 'code_128', boundingBox: box }
const exact = { text: `]C1010690123456789210L7${GS}17270331`, weak: false, middle: { x: 640, y: 330 } }

describe("the browser's own detector", () => {
  it('is believed for article numbers', async () => {
    const zxing = vi.fn()
    const look = nativeLook({ detect: async () => [{ rawValue: '6901234567892', format: 'ean_13', boundingBox: box }] }, zxing)
    expect(await look(video)).toMatchObject({ text: '6901234567892', weak: false })
    expect(zxing).not.toHaveBeenCalled()
  })

  it('hands on what may be GS1: it drops separators', async () => {
    const look = nativeLook({ detect: async () => [label] }, async () => exact)
    expect(await look(video)).toBe(exact)
  })

  it('is believed after all where the other reader cannot read, or cannot run', async () => {
    const look = nativeLook({ detect: async () => [label] }, () => Promise.reject(new Error('no wasm')))
    const seen = []
    for (let n = 0; n < 6; n++) seen.push((await look(video))?.text)
    expect(seen).toEqual([...Array<undefined>(5).fill(undefined), label.rawValue])
  })

  it('leaves GS1 DataBar, which it does not know, to the other reader now and then', async () => {
    const zxing = vi.fn(async () => exact)
    const look = nativeLook({ detect: async () => [] }, zxing)
    for (let n = 0; n < 8; n++) await look(video)
    expect(zxing).toHaveBeenCalledTimes(2)
  })

  it('says UPC-E as the UPC-A that it stands for', async () => {
    const look = nativeLook({ detect: async () => [{ rawValue: '01234565', format: 'upc_e', boundingBox: box }] }, vi.fn())
    expect((await look(video))?.text).toBe('012345000065')
  })

  it.each([['code_128', 'SN-4711', false], ['qr_code', 'https://id.gs1.org/01/06901234567892', false], ['ean_13', '6901234567892', false], ['data_matrix', `${GS}10L7`, true]])(
    '%s %j may be GS1: %s', (format, text, may) => expect(mayBeGs1(text, format)).toBe(may)
  )
})
