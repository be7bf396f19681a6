// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Attachment, PhotoProblem } from '../attachments/attachment'
import { countWaiting, keepPhoto } from '../attachments/keep'
import { chooseLanguage, i18n } from '../i18n/i18n'
import { done, takeBack } from '../shell/undo'
import { database } from '../store/store'
import PhotoStrip from './PhotoStrip.vue'

const scope = 'dealer:alfki'
const { addPhoto } = vi.hoisted(() => ({ addPhoto: vi.fn() }))
// The camera and the worker are the browser's; the local store is real.
vi.mock('../attachments/take', async () => {
  const { countUse } = await import('../attachments/keep')
  const { database } = await import('../store/store')
  return { addPhoto, photoUsed: (inScope: string, hash: string, back: boolean) => countUse(database, inScope, hash, back ? 1 : -1) }
})

let strip: VueWrapper<InstanceType<typeof PhotoStrip>>
let made = 0

async function take(): Promise<Attachment> {
  const hash = (++made).toString(16).padStart(64, '0')
  const fields = { hash, size: 3, type: 'image/jpeg' as const, width: 40, height: 30 }
  return await keepPhoto(database, scope, { fields, whole: new Uint8Array(3), thumb: new Uint8Array(2), taken_at: '2026-03-01T08:00:00Z', place: null })
}

function show(photos: Attachment[], more: object = {}): void {
  strip = mount(PhotoStrip, {
    props: { modelValue: photos, scope, 'onUpdate:modelValue': (modelValue: Attachment[]) => void strip.setProps({ modelValue }), ...more },
    global: { plugins: [i18n] },
    attachTo: document.body
  })
}

const listed = (): Attachment[] => strip.props('modelValue') as Attachment[]
const said = (): string[] => strip.findAll('[data-testid="photo-state"]').map((each) => each.text())

async function pick(which: 'photo-camera' | 'photo-file', count: number): Promise<void> {
  const input = strip.get(`[data-testid="${which}"]`)
  const files = Array.from({ length: count }, (_, i) => new File(['x'], `${i}.jpg`, { type: 'image/jpeg' }))
  Object.defineProperty(input.element, 'files', { value: files, configurable: true })
  await input.trigger('change')
  await vi.waitFor(() => expect(strip.find('[role="status"]').exists()).toBe(false))
  await flushPromises()
}

beforeAll(async () => {
  await chooseLanguage('en')
})
beforeEach(async () => {
  addPhoto.mockReset().mockImplementation(take)
  vi.stubGlobal('fetch', vi.fn(async () => { throw new TypeError('Failed to fetch') }))
  await database.attachments.clear()
  await database.attachmentBytes.clear()
})
afterEach(() => {
  strip.unmount()
  vi.unstubAllGlobals()
})

describe('the photos of an entry', () => {
  it('are added by camera or from the device, and the whole list is told each time', async () => {
    show([])
    expect(strip.text()).toContain('No photos yet')
    await pick('photo-camera', 1)
    await pick('photo-file', 2)
    expect(addPhoto.mock.calls.map(([, inScope, camera]) => [inScope, camera])).toEqual([[scope, true], [scope, false], [scope, false]])
    expect(strip.emitted('update:modelValue')!.map(([photos]) => (photos as Attachment[]).length)).toEqual([1, 2, 3])
    expect(Object.keys(listed()[0]!).sort()).toEqual(['hash', 'height', 'place', 'size', 'taken_at', 'type', 'width'])
    await vi.waitFor(() => expect(strip.findAll('[data-testid="photo"] img')).toHaveLength(3))
  })

  it('say where each one is, by icon and word, as it changes', async () => {
    const [here, stored, refused] = [await take(), await take(), await take()]
    const elsewhere: Attachment = { ...here, hash: 'e'.repeat(64) }
    await database.attachments.update([scope, stored.hash], { state: 'stored' })
    await database.attachments.update([scope, refused.hash], { state: 'refused', code: 'image_unreadable' })
    await database.meta.put({ name: 'token', value: 'secret' })
    const missing = { status: 404, headers: { 'content-type': 'application/problem+json' } }
    vi.stubGlobal('fetch', vi.fn(async () => new Response('{}', missing)))
    show([here, stored, refused, elsewhere])
    await vi.waitFor(() => expect(said()).toEqual(['on this device', 'stored at HQ', 'not taken', 'still on another device']))
    expect(strip.get('[role="alert"]').text()).toContain('could not open the photo')
    expect(strip.findAll('[data-testid="photo"]').map((each) => each.attributes('aria-label'))[0]).toBe('Photo 1, on this device')
    expect(strip.findAll('[data-testid="photo-state"] svg')).toHaveLength(4)
    await database.attachments.update([scope, here.hash], { state: 'stored' })
    await vi.waitFor(() => expect(said()[0]).toBe('stored at HQ'))
    await chooseLanguage('zh-CN')
    expect(said()[3]).toBe('还在另一台设备上')
    await chooseLanguage('en')
    await database.meta.delete('token')
  })

  it('are removed with a way back to the same place; what is in no entry is not sent', async () => {
    const photos = [await take(), await take(), await take()]
    show(photos)
    await strip.findAll('[data-testid="photo-remove"]')[1]!.trigger('click')
    await flushPromises()
    expect(listed()).toEqual([photos[0], photos[2]])
    await vi.waitFor(async () => expect(await countWaiting(database)).toBe(2))
    expect(done.value?.text).toBe('Photo removed')
    await takeBack()
    await flushPromises()
    expect(listed()).toEqual(photos)
    await vi.waitFor(async () => expect(await countWaiting(database)).toBe(3))
  })

  it('are seen large at a tap, from this device', async () => {
    HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) { this.open = true }
    show([await take()])
    await strip.get('[data-testid="photo"]').trigger('click')
    await vi.waitFor(() => expect(document.querySelector('[data-testid="photo-large"]')?.getAttribute('src')).toMatch(/^blob:/))
    expect(document.querySelector('dialog')?.getAttribute('aria-label')).toBe('Photo 1')
  })

  it.each([
    ['storage_full', /full.*not kept/],
    ['not_a_picture', /not a picture/],
    ['failed', /Take it again/]
  ] as const)('a photo that cannot be kept (%s) is told, and the others stay', async (code, words) => {
    const photos = [await take()]
    show(photos)
    addPhoto.mockRejectedValueOnce(new PhotoProblem(code))
    await pick('photo-camera', 1)
    expect(strip.get('[data-testid="photo-trouble"]').text()).toMatch(words)
    expect(listed()).toEqual(photos)
    await pick('photo-camera', 1)
    expect(strip.find('[data-testid="photo-trouble"]').exists()).toBe(false)
    expect(listed()).toHaveLength(2)
  })

  it('are no more than an entry can have, and the same one stands once', async () => {
    const photo = await take()
    show([photo], { most: 2 })
    addPhoto.mockImplementationOnce(async () => {
      await database.attachments.update([scope, photo.hash], { uses: 2 })
      return photo
    })
    await pick('photo-file', 1)
    expect(listed()).toEqual([photo])
    expect((await database.attachments.get([scope, photo.hash]))?.uses).toBe(1)
    await pick('photo-file', 3)
    expect(listed()).toHaveLength(2)
    expect(strip.get('[data-testid="photo-trouble"]').text()).toContain('as many photos')
  })

  it('are only looked at where nothing may be changed', async () => {
    show([await take()], { readonly: true })
    expect(strip.findAll('[data-testid="photo"]')).toHaveLength(1)
    for (const act of ['photo-take', 'photo-choose', 'photo-remove', 'photo-file']) expect(strip.find(`[data-testid="${act}"]`).exists()).toBe(false)
  })
})
