/**
 * One round of the sync: pushes what waits, pulls what is new, until both are done. Knows no Vue, no page and no kind;
 * runs in the documents worker and, for Background Sync, in the service worker. Rules SY1 to SY12: docs/sync.md.
 */
import { offerAgain } from '../attachments/keep'
import { exclusively } from '../platform/locks'
import { type DaybookDatabase, readMeta, updateReached, writeMeta } from '../store/database'
import { isQuota } from '../store/problem'
import { recount } from '../store/recount'
import type { SyncProblem } from '../store/types'
import { type Batch, type BatchLimits, FULL, nextBatch } from './outbox'
import { nameChunks, receive } from './receive'
import { DEPENDENCY_MISSING, settle } from './settle'
import { exchange, type Fetch, NotAnAnswer, PROTOCOL, type SyncAnswer, SyncRefusal, type SyncRequest } from './wire'

export interface EnginePorts {
  database: DaybookDatabase
  fetch: Fetch
  /** Address of the server, without a slash at the end; '' for the one that served the app. */
  base?: string
  now?: () => number
  /** Documents and records a scope a page. */
  page?: number
}

export type Round =
  | { outcome: 'done'; requests: number }
  /** Nobody is signed in, or the server ended the sign-in: there is nothing to do until somebody signs in. */
  | { outcome: 'signed_out' }
  | { outcome: 'failed'; problem: SyncProblem; retryAfter: number | null }

/** The sign-in changed while the answer was on its way: it belongs to nobody here. */
class Overtaken extends Error {}

const MOST_RESETS = 2

export class SyncEngine {
  readonly #ports: Required<EnginePorts>

  constructor(ports: EnginePorts) {
    this.#ports = { base: '', now: Date.now, page: 1_000, ...ports }
  }

  /** Never throws for what a network or a server does; what was not acknowledged simply waits. */
  async round(): Promise<Round> {
    return await exclusively('daybook-sync', () => this.#round())
  }

  async #round(): Promise<Round> {
    const { database, now } = this.#ports
    const token = await readMeta(database, 'token')
    if (!token) return { outcome: 'signed_out' }
    // While the server cannot be reached a try is no news: the first answer is.
    if ((await readMeta(database, 'reached'))?.online !== false) await updateReached(database, { syncing: true }, now())
    try {
      const requests = await this.#exchangeAll(token)
      const done = { online: true, syncing: false, problem: null, lastSyncedAt: now() }
      await updateReached(database, done, now())
      return { outcome: 'done', requests }
    } catch (thrown) {
      if (thrown instanceof Overtaken) {
        await updateReached(database, { syncing: false }, now())
        return { outcome: 'signed_out' }
      }
      const { problem, reached, retryAfter } = named(thrown)
      await updateReached(database, { online: reached, syncing: false, problem }, now()).catch(() => {})
      return problem === 'signed_out_by_server' ? { outcome: 'signed_out' } : { outcome: 'failed', problem, retryAfter }
    }
  }

  async #exchangeAll(token: string): Promise<number> {
    const { database } = this.#ports
    let limits: BatchLimits = FULL
    let whole = new Set<string>()
    let resets = 0
    for (let requests = 1; ; requests++) {
      const batch = await nextBatch(database, limits, whole)
      const request = await this.#request(batch)
      let answer: SyncAnswer
      try {
        answer = await exchange(this.#ports.fetch, this.#ports.base, token, request)
      } catch (thrown) {
        limits = await this.#narrowed(thrown, batch)
        continue
      }
      await updateReached(database, { online: true, syncing: true }, this.#ports.now())
      if (answer.reset) {
        if (++resets > MOST_RESETS) throw new NotAnAnswer('reset again and again')
        await this.#startOver(token, answer)
        continue
      }
      whole = new Set(await this.#commit(token, batch, answer, whole))
      limits = FULL
      const more = answer.feeds.some((feed) => feed.more)
      if (!more && (await database.changes.where('state').equals('waiting').count()) === 0) return requests
    }
  }

  async #request(batch: Batch): Promise<SyncRequest> {
    const { database, now, page } = this.#ports
    return {
      protocol: PROTOCOL,
      epoch: (await readMeta(database, 'epoch')) ?? null,
      sent_at: now(),
      cursors: (await readMeta(database, 'cursors')) ?? {},
      documents: batch.documents,
      pull: true,
      limit: page
    }
  }

  /** A request that the server cannot take is sent in halves, until the one change is found that it is about (SY4). */
  async #narrowed(thrown: unknown, batch: Batch): Promise<BatchLimits> {
    const narrows = thrown instanceof SyncRefusal && (thrown.status === 413 || thrown.status === 400)
    if (!narrows || batch.changes === 0) throw thrown
    if (batch.changes > 1) return { ...FULL, changes: Math.floor(batch.changes / 2) }
    const change = batch.sent[0]?.[0]
    if (!change) throw thrown
    const { database } = this.#ports
    await database.transaction('rw', database.changes, database.rows, database.documents, async () => {
      await database.changes.put({ ...change, state: 'refused', code: thrown.code, detail: thrown.message })
      await recount(database, [change.document])
    })
    return FULL
  }

  /** Acknowledgements, what came, and the cursors: all of it or nothing. Answers the documents to be sent whole. */
  async #commit(token: string, batch: Batch, answer: SyncAnswer, whole: ReadonlySet<string>): Promise<string[]> {
    const { database, now } = this.#ports
    const feeds = await nameChunks(answer.feeds)
    const tables = [database.meta, database.documents, database.changes, database.rows, database.records]
    return await database.transaction('rw', tables, async () => {
      await this.#checkToken(token)
      const resend = await settle(database, batch, answer.results, whole)
      await receive(database, feeds, now())
      await writeMeta(database, 'epoch', answer.epoch)
      const since = await readMeta(database, 'rereading_since')
      if (since !== undefined && feeds.every((feed) => !feed.more)) {
        await database.records.filter((record) => record.received < since).delete()
        await database.meta.delete('rereading_since')
      }
      return resend
    })
  }

  /** SY6: another epoch. All that was acknowledged is offered again, all is read again from the beginning. */
  async #startOver(token: string, answer: SyncAnswer): Promise<void> {
    const { database, now } = this.#ports
    const photos = [database.attachments, database.attachmentBytes]
    const tables = [database.meta, database.documents, database.changes, database.rows, ...photos]
    await database.transaction('rw', tables, async () => {
      await this.#checkToken(token)
      await offerAgain(database)
      await writeMeta(database, 'epoch', answer.epoch)
      await writeMeta(database, 'cursors', {})
      await writeMeta(database, 'whole', [])
      await writeMeta(database, 'rereading_since', now())
      const again = await database.changes
        .where('state')
        .anyOf('stored', 'refused')
        .filter((change) => change.state === 'stored' || change.code === DEPENDENCY_MISSING)
        .toArray()
      await database.changes.bulkPut(again.map((change) => ({ ...change, state: 'waiting' as const })))
      await recount(database, new Set(again.map((change) => change.document)))
    })
  }

  async #checkToken(token: string): Promise<void> {
    if ((await readMeta(this.#ports.database, 'token')) !== token) throw new Overtaken()
  }
}

/** What the person is told of it, whether the server was reached, and how long it asks to be left alone. */
export function named(thrown: unknown): { problem: SyncProblem; reached: boolean; retryAfter: number | null } {
  if (thrown instanceof SyncRefusal) {
    const { status, retryAfter } = thrown
    if (status === 401) return { problem: 'signed_out_by_server', reached: true, retryAfter }
    if (status >= 500 || status === 429) return { problem: 'busy', reached: true, retryAfter }
    return { problem: 'malformed', reached: true, retryAfter }
  }
  if (thrown instanceof NotAnAnswer) return { problem: 'not_an_answer', reached: false, retryAfter: null }
  if (isQuota(thrown)) return { problem: 'storage_full', reached: true, retryAfter: null }
  if (thrown instanceof TypeError || (thrown instanceof Error && thrown.name === 'AbortError')) {
    return { problem: 'unreachable', reached: false, retryAfter: null }
  }
  console.error('sync', thrown)
  return { problem: 'unreachable', reached: false, retryAfter: null }
}
