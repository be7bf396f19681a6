/// <reference lib="webworker" />
/** Reads the camera's pictures away from the screens. Loaded when somebody first scans; its wasm is this app's own file, kept offline. */
import { prepareZXingModule } from 'zxing-wasm/reader'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'
import { aimedAt, decode, type Sighting } from './decode'

export interface Ask {
  call: number
  frame: ImageBitmap
}
export interface Answer {
  call: number
  sighting?: Sighting | undefined
  problem?: string
}

const scope = self as unknown as DedicatedWorkerGlobalScope
// Without this the library would fetch its wasm from somebody else's server.
const own = { locateFile: () => wasm }
const canvas = new OffscreenCanvas(1, 1)
const pen = canvas.getContext('2d', { willReadFrequently: true })

async function look(frame: ImageBitmap): Promise<Sighting | undefined> {
  const { width, height } = frame
  // Setting a size clears the canvas, even to the size that it has.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  pen?.drawImage(frame, 0, 0)
  frame.close()
  await prepareZXingModule({ overrides: own, fireImmediately: true })
  if (!pen) throw new Error('no canvas')
  return aimedAt(await decode(pen.getImageData(0, 0, width, height)), width, height)
}

scope.addEventListener('message', ({ data: { call, frame } }: MessageEvent<Ask>) => {
  void look(frame).then(
    (sighting) => scope.postMessage({ call, sighting } satisfies Answer),
    (problem: unknown) => scope.postMessage({ call, problem: String(problem) } satisfies Answer)
  )
})
