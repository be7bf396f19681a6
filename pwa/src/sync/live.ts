/** The live channel: hears at once that a scope has moved, while somebody looks. A hint; the sync does the work. */
import { retryDelay } from './loop'

export interface LivePorts {
  /** Opens `/live`. */
  connect: () => WebSocket
  token: () => Promise<string | undefined>
  /** Something moved, or may have while nobody listened. */
  moved: () => void
  random?: () => number
}

const REVOKED = 4401

export class Live {
  readonly #ports: Required<LivePorts>
  #socket: WebSocket | null = null
  #retry: ReturnType<typeof setTimeout> | null = null
  #wanted = false
  #failures = 0

  constructor(ports: LivePorts) {
    this.#ports = { random: Math.random, ...ports }
  }

  /** Listens while `wanted`; a device without network is not asked. */
  set(wanted: boolean): void {
    this.#wanted = wanted
    if (wanted) this.#open()
    else this.#close()
  }

  #open(): void {
    if (this.#socket || !this.#wanted) return
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    void this.#ports.token().then((token) => {
      if (token && this.#wanted && !this.#socket) this.#listen(token)
    })
  }

  #listen(token: string): void {
    const socket = this.#ports.connect()
    this.#socket = socket
    socket.onopen = () => socket.send(JSON.stringify({ token }))
    socket.onmessage = () => {
      this.#failures = 0
      this.#ports.moved()
    }
    socket.onclose = (event) => {
      if (this.#socket !== socket) return
      this.#socket = null
      if (event.code === REVOKED) {
        this.#wanted = false
        this.#ports.moved()
      } else if (this.#wanted) {
        this.#failures++
        this.#retry = setTimeout(() => this.#open(), retryDelay(this.#failures, null, this.#ports.random))
      }
    }
  }

  #close(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }
}
