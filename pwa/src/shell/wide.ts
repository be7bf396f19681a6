/** Whether there is room for two panes side by side; follows the turning of a tablet. */
import { readonly, ref } from 'vue'

const room = matchMedia('(width >= 1024px)')
const isWide = ref(room.matches)
room.addEventListener('change', () => (isWide.value = room.matches))

export const wide = readonly(isWide)
