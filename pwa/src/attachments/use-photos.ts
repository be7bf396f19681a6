/** What screens show of photos: where each one is, small pictures, the large one. */
import { onScopeDispose, ref, shallowReactive, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { connectionHere, isWifi } from '../platform/connection'
import { readMeta } from '../store/database'
import { useLive } from '../store/live-query'
import { database } from '../store/store'
import type { Fetch } from '../sync/wire'
import type { Attachment, StoredAttachment } from './attachment'
import { pictureOf, type Shown } from './show'

const onWire: Fetch = (address, init) => fetch(address, init)

/** Hash -> what this device knows of a photo that was taken on it. Of others it knows nothing until headquarters tells. */
export function usePhotoStates(scope: MaybeRefOrGetter<string>, photos: MaybeRefOrGetter<readonly Attachment[]>): ShallowRef<ReadonlyMap<string, StoredAttachment>> {
  const key = (): [string, string][] => toValue(photos).map(({ hash }) => [toValue(scope), hash])
  const { value } = useLive(
    key,
    async (keys) => new Map((await database.attachments.bulkGet(keys)).flatMap((kept) => (kept ? [[kept.hash, kept] as const] : []))),
    new Map<string, StoredAttachment>()
  )
  return value
}

export type Thumb = { url: string } | 'elsewhere' | 'unreachable'

/** Hash -> its small picture. Asked for again when the network is back. */
export function useThumbs(photos: MaybeRefOrGetter<readonly Attachment[]>): ReadonlyMap<string, Thumb> {
  const thumbs = shallowReactive(new Map<string, Thumb>())
  const asking = new Set<string>()
  let over = false
  const want = async (photo: Attachment): Promise<void> => {
    const known = thumbs.get(photo.hash)
    if ((known && typeof known === 'object') || asking.has(photo.hash)) return
    asking.add(photo.hash)
    const shown = await pictureOf(database, onWire, photo, 'thumb')
    asking.delete(photo.hash)
    if (!over) thumbs.set(photo.hash, shown instanceof Blob ? { url: URL.createObjectURL(shown) } : shown)
  }
  const all = (): void => toValue(photos).forEach((photo) => void want(photo))
  watch(() => toValue(photos).map(({ hash }) => hash).join(), all, { immediate: true })
  globalThis.addEventListener?.('online', all)
  onScopeDispose(() => {
    over = true
    globalThis.removeEventListener?.('online', all)
    for (const thumb of thumbs.values()) if (typeof thumb === 'object') URL.revokeObjectURL(thumb.url)
  })
  return thumbs
}

/** The whole picture, from here or from headquarters. */
export async function largePicture(photo: Attachment): Promise<Shown> {
  return await pictureOf(database, onWire, photo, 'whole')
}

/** Whether photos wait for Wi-Fi; `known` is false where the browser does not tell what it is connected by. */
export function useWifiChoice(): { only: ShallowRef<boolean>; known: Ref<boolean> } {
  const { value: only } = useLive(null, async () => (await readMeta(database, 'photos_wifi_only')) ?? false, false)
  const connection = connectionHere()
  const known = ref(isWifi(connection) !== null)
  const note = (): void => {
    known.value ||= isWifi(connection) !== null
  }
  connection?.addEventListener('change', note)
  onScopeDispose(() => connection?.removeEventListener('change', note))
  return { only, known }
}
