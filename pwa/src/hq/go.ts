/** Ways from one screen to another that several screens offer. */
import { useRouter } from 'vue-router'

export function useGo() {
  const router = useRouter()
  return {
    order: (document: string): void => void router.push({ name: 'hq-orders', params: { document } })
  }
}
