/** Calls between a page and its worker: a name, arguments, one answer. Problems keep their name, code and subject. */

interface Call {
  call: number
  name: string
  args: unknown[]
}

interface CallAnswer {
  call: number
  value?: unknown
  problem?: ToldProblem
}

interface ToldProblem {
  name: string
  message: string
  code?: string
  subject?: string
}

/** What went wrong in the worker, as the page hears it. `code` is stable: see StoreProblem and EditProblem. */
export class WorkerProblem extends Error {
  readonly code: string
  readonly subject: string

  constructor(told: ToldProblem) {
    super(told.message)
    this.name = told.name
    this.code = told.code ?? 'broken'
    this.subject = told.subject ?? ''
  }
}

export type Faces = Record<string, (...args: never[]) => unknown>
export type Remote<Face extends Faces> = {
  [Name in keyof Face]: (...args: Parameters<Face[Name]>) => Promise<Awaited<ReturnType<Face[Name]>>>
}

interface Port {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listen: (event: MessageEvent) => void): void
}

/** In the worker. */
export function answerCalls(port: Port, face: Faces): void {
  port.addEventListener('message', (event: MessageEvent<Call>) => {
    const { call, name, args } = event.data
    if (typeof call !== 'number') return
    void (async () => {
      const answer: CallAnswer = { call }
      try {
        const act = face[name]
        if (!act) throw new Error(`no such call: ${name}`)
        answer.value = await act(...(args as never[]))
      } catch (thrown) {
        answer.problem = told(thrown)
      }
      port.postMessage(answer)
    })()
  })
}

/** In the page. `event` hears what the worker says without being asked. */
export function callsTo<Face extends Faces>(port: Port, event: (message: unknown) => void): Remote<Face> {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (problem: Error) => void }>()
  let last = 0
  port.addEventListener('message', ({ data }: MessageEvent<CallAnswer>) => {
    const waiting = open.get(data.call)
    if (!waiting) {
      event(data)
      return
    }
    open.delete(data.call)
    if (data.problem) waiting.reject(new WorkerProblem(data.problem))
    else waiting.resolve(data.value)
  })
  return new Proxy({} as Remote<Face>, {
    get: (_, name: string) => (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const call = ++last
        open.set(call, { resolve, reject })
        port.postMessage({ call, name, args } satisfies Call)
      })
  })
}

function told(thrown: unknown): ToldProblem {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) }
  const { code, subject, path } = thrown as { code?: unknown; subject?: unknown; path?: unknown }
  return {
    name: thrown.name,
    message: thrown.message,
    ...(typeof code === 'string' ? { code } : {}),
    subject: typeof subject === 'string' ? subject : typeof path === 'string' ? path : ''
  }
}
