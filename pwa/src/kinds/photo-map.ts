/** Photos as a map in a document, where two people may add some at once, and as the list that is shown. */
import type { Attachment, Edit, Json } from '../store'

export type PhotoMap = Readonly<Record<string, Partial<Attachment> & { hash: string }>>

const KEY_LETTERS = 32

/** In the order in which they were taken. */
export function photosOf(map: PhotoMap | undefined): Attachment[] {
  const photos = Object.values(map ?? {}).map((photo) => ({ place: null, ...photo }) as Attachment)
  return photos.sort((a, b) => (a.taken_at < b.taken_at ? -1 : a.taken_at > b.taken_at ? 1 : a.hash < b.hash ? -1 : 1))
}

/** What makes the map say what the list says. */
export function photoEdits(path: string, map: PhotoMap | undefined, photos: readonly Attachment[]): Edit[] {
  const wanted = new Set(photos.map(({ hash }) => hash))
  const there = new Set(Object.values(map ?? {}).map(({ hash }) => hash))
  const gone = Object.entries(map ?? {}).filter(([, photo]) => !wanted.has(photo.hash))
  const fresh = photos.filter(({ hash }) => !there.has(hash))
  return [
    ...gone.map(([key]): Edit => ({ op: 'delete', path: `${path}/${key}` })),
    ...fresh.map((photo): Edit => ({ op: 'set', path: `${path}/${photo.hash.slice(0, KEY_LETTERS)}`, value: JSON.parse(JSON.stringify(photo)) as Json }))
  ]
}
