/** Ways from one screen to another that several screens offer. */
import { useRouter, type RouteLocationRaw } from 'vue-router'

/** Where a document of any kind is looked at. */
export const whereOf = (kind: string, document: string): RouteLocationRaw =>
  kind === 'order' ? { name: 'hq-orders', params: { document } } : { name: 'hq-documents', params: { kind, document } }

export function useGo() {
  const router = useRouter()
  return {
    order: (document: string): void => void router.push({ name: 'hq-orders', params: { document } })
  }
}
