/// <reference lib="webworker" />
/** Decodes and draws photos away from the screen, and away from the documents worker, which must answer every tap. */
import { answerCalls, type Faces } from '../store/rpc'
import { preparePhoto } from './photo'

const face = { prepare: (file: Blob) => preparePhoto(file) } satisfies Faces

export type PhotoWorkerFace = typeof face

answerCalls(self as unknown as DedicatedWorkerGlobalScope, face)
