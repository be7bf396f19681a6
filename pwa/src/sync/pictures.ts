/** Pictures of the catalogue, fetched ahead so that they are there without signal. Content-addressed: never out of date. */
import type { DaybookDatabase } from '../store/database'

export const PICTURES = 'daybook-pictures'
export const MOST_PICTURES = 3_000
const AT_ONCE = 4

/** Fetches what the products name and the cache lacks, and drops what no product names any more. */
export async function fetchPictures(database: DaybookDatabase): Promise<void> {
  if (typeof caches === 'undefined') return
  const products = await database.records.where('kind').equals('product').toArray()
  const names = products.flatMap(({ body }) => {
    const picture = (body as { picture?: unknown; withdrawn?: unknown }).picture
    return typeof picture === 'string' ? [addressOf(picture)] : []
  })
  const wanted = new Set(names.slice(0, MOST_PICTURES))
  const cache = await caches.open(PICTURES)
  const held = new Set((await cache.keys()).map((request) => new URL(request.url).pathname))
  for (const path of held) if (!wanted.has(path)) await cache.delete(path)
  const missing = [...wanted].filter((path) => !held.has(path))
  const take = async (): Promise<void> => {
    for (let path = missing.pop(); path !== undefined; path = missing.pop()) {
      const response = await fetch(path)
      if (response.ok && response.headers.get('content-type')?.startsWith('image/')) await cache.put(path, response)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, take))
}

function addressOf(picture: string): string {
  return picture.startsWith('/') ? picture : `/pictures/${picture}`
}
