/** The counts of this device's person, and beginning a new one. */
import { computed, type ComputedRef } from 'vue'
import { useRouter } from 'vue-router'
import { createDocument, useRows, type Row } from '../../store'
import { begun, type NewCount } from './edits'

/** The scope of a location: the store's people, or the one technician whose van it is. */
export function scopeOf(location: string): string {
  const [head = '', owner = ''] = location.split(':')
  return head === 'van' ? `technician:${owner}` : `${head}:${owner}`
}

export function useCounts(): { counts: ComputedRef<Row[]>; loaded: ReturnType<typeof useRows>['loaded']; begin: (asked: NewCount) => Promise<void> } {
  const router = useRouter()
  const { rows, loaded } = useRows('stock_count')
  return {
    counts: computed(() => rows.value.filter((row) => row.fields['stage'] !== 'cancelled')),
    loaded,
    begin: async (asked) => {
      const { id } = await createDocument('stock_count', scopeOf(asked.location), begun(asked, Date.now()))
      await router.push({ name: 'count', params: { document: id } })
    }
  }
}
