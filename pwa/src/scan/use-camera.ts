/** The camera while a sheet shows it: scanning on and on, its light, and off as soon as nobody looks. */
import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { lookOfThisBrowser } from './looks'
import { Sightings } from './repeats'
import type { Scan } from './scan'

/** `refused`: by the person or the device's rules. `busy`: another app has it. `unreadable`: a browser that cannot read pictures. */
export type CameraState = 'starting' | 'on' | 'refused' | 'absent' | 'busy' | 'unreadable'

const PAUSE_MS = 60
const WANTED: MediaStreamConstraints = { audio: false, video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } } }

/** What getUserMedia throws, as what a person can do about it. */
export function stateOf(problem: unknown): CameraState {
  const { name } = problem as { name?: string }
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'absent'
}

export interface Camera {
  state: Ref<CameraState>
  /** Null where the camera has no light. */
  light: ShallowRef<boolean | null>
  switchLight: () => Promise<void>
  restart: () => Promise<void>
}

export function useCamera(video: Readonly<Ref<HTMLVideoElement | null>>, found: (scan: Scan) => void): Camera {
  const state = ref<CameraState>('starting')
  const light = shallowRef<boolean | null>(null)
  const sightings = new Sightings()
  let stream: MediaStream | null = null
  /** Which start is the last: an earlier one that is answered late must not leave its camera on. */
  let turn = 0

  async function start(): Promise<void> {
    stop()
    const mine = ++turn
    state.value = 'starting'
    try {
      const opened = await navigator.mediaDevices.getUserMedia(WANTED)
      const shown = video.value
      if (mine !== turn || !shown) return opened.getTracks().forEach((track) => track.stop())
      stream = opened
      const [track] = opened.getVideoTracks()
      // The cable is pulled, or the device's rules change.
      track?.addEventListener('ended', () => mine === turn && fail('busy'))
      light.value = (track?.getCapabilities?.() as { torch?: boolean } | undefined)?.torch ? false : null
      shown.srcObject = opened
      await shown.play()
    } catch (problem) {
      if (mine === turn) fail(stateOf(problem))
      return
    }
    if (mine !== turn) return
    state.value = 'on'
    await look(mine)
  }

  async function look(mine: number): Promise<void> {
    const seeing = await lookOfThisBrowser()
    if (!seeing) return fail('unreadable')
    while (mine === turn && video.value) {
      try {
        const seen = video.value.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await seeing(video.value) : undefined
        if (seen && mine === turn && sightings.isScan(seen.text, seen.weak, performance.now())) {
          navigator.vibrate?.(40)
          found({ text: seen.text, source: 'camera' })
        }
      } catch {
        if (mine === turn) fail('unreadable')
        return
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }

  function stop(): void {
    turn += 1
    light.value = null
    stream?.getTracks().forEach((track) => track.stop())
    stream = null
    if (video.value) video.value.srcObject = null
  }

  function fail(as: CameraState): void {
    stop()
    state.value = as
  }

  async function switchLight(): Promise<void> {
    const [track] = stream?.getVideoTracks() ?? []
    if (!track || light.value === null) return
    const on = !light.value
    await track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }).then(
      () => (light.value = on),
      () => (light.value = null)
    )
  }

  /** A camera that nobody sees is off; it starts again by itself when the page is back. */
  function onVisibility(): void {
    if (document.visibilityState === 'hidden') stop()
    else if (!stream && (state.value === 'on' || state.value === 'starting')) void start()
  }

  onMounted(() => {
    document.addEventListener('visibilitychange', onVisibility)
    addEventListener('pagehide', stop)
    void start()
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', onVisibility)
    removeEventListener('pagehide', stop)
    stop()
  })
  return { state, light, switchLight, restart: start }
}
