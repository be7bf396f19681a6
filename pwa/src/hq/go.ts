/** Ways from one screen to another that several screens offer. */
import { useRouter, type LocationQuery, type RouteLocationRaw } from 'vue-router'

/** Where a document of any kind is looked at; with the query, where its list stands beside it as it is. */
export const whereOf = (kind: string, document: string, query: LocationQuery = {}): RouteLocationRaw =>
  kind === 'order' ? { name: 'hq-orders', params: { document }, query } : { name: 'hq-documents', params: { kind, document }, query }

export function useGo() {
  const router = useRouter()
  return {
    order: (document: string): void => void router.push(whereOf('order', document))
  }
}
