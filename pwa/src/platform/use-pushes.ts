/** Whether this browser is told by push, and the tap that asks for it. */
import { onMounted, ref, type Ref } from 'vue'
import { pushState, usePushes, type PushState } from './notifications'

export function usePushSwitch(): { pushes: Ref<PushState>; askForPushes: () => Promise<void> } {
  const pushes = ref<PushState>('unsupported')
  onMounted(async () => void (pushes.value = await pushState()))
  async function askForPushes(): Promise<void> {
    pushes.value = await usePushes().catch(() => pushState())
  }
  return { pushes, askForPushes }
}
