/** The server's end of docs/sync.md in memory: dedupe by hash, feeds with cursors, epochs, refusals on demand. */
import { decode, encode } from '@msgpack/msgpack'
import * as A from '@automerge/automerge/slim'
import type { Json, RowFields, Verdict } from '../../src/store/types'
import type { Fetch, Feed, PushResult, RefusedChange, SyncAnswer, SyncRequest } from '../../src/sync/wire'

interface Held {
  kind: string
  scope: string
  chunks: { hash: string; chunk: Uint8Array; device: string; seq: number }[]
  seq: number
  verdict: Verdict | null
  row: RowFields | null
}

interface HeldRecord {
  kind: string
  key: string
  scope: string
  seq: number
  body: Json
}

export class FakeServer {
  epoch = 'epoch-1'
  scopes = ['catalog', 'dealer:alfki']
  documents = new Map<string, Held>()
  records: HeldRecord[] = []
  requests: SyncRequest[] = []
  /** How often each change was put into the log: more than once would be posting twice. */
  appended = new Map<string, number>()
  /** Gives a refusal's code for a change, or null. */
  refuse: (message: string, hash: string) => string | null = () => null
  /** What comes back instead of the next answers. */
  instead: ((answer: SyncAnswer, request: SyncRequest) => Response | Promise<Response>)[] = []
  verdict: Verdict = 'draft'
  #seq = new Map<string, number>()

  readonly fetch: Fetch = async (address, init) => {
    if (!address.endsWith('/sync')) throw new TypeError('Failed to fetch')
    const headers = init.headers as Record<string, string>
    const device = (headers.Authorization ?? '').replace('Bearer token-', '')
    const request = decode(await unpacked(init.body as Uint8Array<ArrayBuffer>, headers['Content-Encoding'])) as SyncRequest
    this.requests.push(request)
    const answer = this.answer(request, device)
    const instead = this.instead.shift()
    return instead ? await instead(answer, request) : msgpack(answer)
  }

  put(scope: string, kind: string, key: string, body: Json): void {
    this.records = this.records.filter((record) => record.kind !== kind || record.key !== key)
    this.records.push({ kind, key, scope, body, seq: this.#next(scope) })
  }

  /** Everything since then is lost, as from a backup. */
  restore(from: Map<string, Held>): void {
    this.documents = structuredClone(from)
    this.epoch = `${this.epoch}+`
    this.appended.clear()
  }

  answer(request: SyncRequest, device: string): SyncAnswer {
    const results = request.documents.map((document): PushResult => {
      const held = this.documents.get(document.id) ?? {
        kind: document.kind,
        scope: document.scope,
        chunks: [],
        seq: 0,
        verdict: null,
        row: null
      }
      const refused: RefusedChange[] = []
      let fresh = false
      document.changes.forEach((chunk, position) => {
        const change = A.decodeChange(chunk)
        if (held.chunks.some((each) => each.hash === change.hash)) return
        const missing = change.deps.some((dep) => !held.chunks.some((each) => each.hash === dep))
        const code = this.refuse(change.message ?? '', change.hash) ?? (missing ? 'dependency_missing' : null)
        if (code) {
          refused.push({ position, code, detail: '' })
          return
        }
        const seq = this.#next(held.scope)
        held.chunks.push({ hash: change.hash, chunk, device, seq })
        this.appended.set(change.hash, (this.appended.get(change.hash) ?? 0) + 1)
        held.seq = seq
        fresh = true
      })
      if (fresh) {
        held.verdict = this.verdict
        this.documents.set(document.id, held)
        const heads = A.getHeads(load(held))
        this.put(held.scope, 'decision', document.id, { verdict: this.verdict, reasons: [], figures: {}, at: '', heads })
      }
      return { id: document.id, stored: document.changes.length - refused.length, refused }
    })
    const reset = request.epoch !== null && request.epoch !== this.epoch
    const cursors = reset ? {} : request.cursors
    const feeds = this.scopes.map((scope) => this.#feed(scope, Number(cursors[scope] ?? 0), request.limit, device))
    return { protocol: 1, epoch: this.epoch, server_time: Date.now(), results, feeds, reset }
  }

  #feed(scope: string, after: number, limit: number, device: string): Feed {
    const documents = [...this.documents].filter(([, held]) => held.scope === scope && held.seq > after)
    const records = this.records.filter((record) => record.scope === scope && record.seq > after)
    const all = [...documents.map(([, held]) => held.seq), ...records.map((record) => record.seq)].sort((a, b) => a - b)
    const last = all[Math.min(limit, all.length) - 1] ?? after
    return {
      scope,
      cursor: String(last),
      more: all.length > limit,
      documents: documents
        .filter(([, held]) => held.seq <= last)
        .map(([id, held]) => ({
          id,
          kind: held.kind,
          seq: held.seq,
          saved: after === 0 ? A.save(load(held)) : null,
          changes: after === 0 ? [] : held.chunks.filter((each) => each.seq > after && each.device !== device).map((each) => each.chunk),
          row: held.row ?? { number: null, title: 'from the server', total: 0, currency: 'CNY', at: '2026-03-01T08:00:00Z' },
          verdict: held.verdict
        })),
      records: records.filter((record) => record.seq <= last).map((record) => ({ ...record, version: 1 }))
    }
  }

  #next(scope: string): number {
    const seq = (this.#seq.get(scope) ?? 0) + 1
    this.#seq.set(scope, seq)
    return seq
  }
}

function load(held: Held): A.Doc<unknown> {
  return A.loadIncremental(A.init(), Buffer.concat(held.chunks.map((each) => each.chunk)))
}

export function msgpack(answer: unknown): Response {
  return new Response(encode(answer), { headers: { 'Content-Type': 'application/x-msgpack' } })
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ status, code }), { status, headers: { 'Content-Type': 'application/problem+json', ...headers } })
}

async function unpacked(body: Uint8Array<ArrayBuffer>, encoding: string | undefined): Promise<Uint8Array> {
  if (encoding !== 'gzip') return body
  const plain = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(plain).arrayBuffer())
}
