/**
 * Documents: opened, written, told. The only place of the app that runs Automerge; lives in the documents worker.
 *
 * A write is one strictly durable transaction of the change, its place in the outbox (state `waiting`) and the list row.
 */
import * as A from '@automerge/automerge/slim'
import { faceOf } from '../kinds/faces'
import type { KindFace } from '../kinds/face'
import { editsFrom } from './adopt'
import { isBy, messageOf } from './authorship'
import { randomHex } from './bytes'
import { conflictsOf } from './conflicts'
import { type DaybookDatabase, readMeta } from './database'
import { applyEdits } from './edits'
import { hasLooked } from './finding'
import { historyOf } from './history'
import { assemble, chunksOf, isRefusedWhole, isUnsent, type Loaded, readChanges } from './load'
import { takeNumber } from './numbers'
import { isQuota, StoreProblem } from './problem'
import { blankRow } from './row'
import { recount } from './recount'
import type { Edit, HistoryEntry, Identity, JsonObject, Opened, Row, StoredDocument, Written } from './types'
import { putValue, toPlain } from './values'

interface Held {
  doc: Loaded
  revision: number
}

export interface DocumentsPorts {
  database: DaybookDatabase
  /** Starts Automerge's wasm; called before the first use. */
  ready: () => Promise<void>
  /** Something was written: the sync should go. */
  written?: () => void
  now?: () => number
}

const HELD_AT_ONCE = 24

/** What is here can be read though nothing more can be written. */
function unlessFull(problem: unknown): void {
  if (!isQuota(problem)) throw problem
}

export class Documents {
  readonly #ports: Required<DocumentsPorts>
  readonly #held = new Map<string, Held>()
  #session: string = randomHex(8)
  #device: string | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(ports: DocumentsPorts) {
    this.#ports = { written: () => {}, now: Date.now, ...ports }
  }

  /** The second half of the actor ids that this writing session uses; never used by another one. */
  get session(): string {
    return this.#session
  }

  /** Lets go of all that is held in memory and begins a new writing session. */
  forget(): void {
    this.#held.clear()
    this.#session = randomHex(8)
  }

  /** Writes a new document. `kind`, `schema` and, where the kind has one, the number are added. Problems: see StoreProblem. */
  create(kind: string, scope: string, content: JsonObject, what = 'created'): Promise<Opened> {
    return this.#one(async () => {
      const face = this.#face(kind)
      const identity = await this.#identity()
      const { database, now } = this.#ports
      const id = randomHex(16)
      const doc = await this.#durably(id, () =>
        database.transaction('rw', database.meta, database.documents, database.changes, database.rows, async () => {
          const numbered = face.numbered ? { [face.numbered]: await takeNumber(database, identity.short_code) } : {}
          const whole: JsonObject = { kind, schema: face.schema, ...content, ...numbered }
          const made = A.change(A.init<Record<string, unknown>>({ actor: this.#actor(identity) }), this.#said(what, identity), (root) => {
            for (const [key, value] of Object.entries(whole)) putValue(root, key, value, [key], face.prose)
          })
          await database.documents.add({ id, kind, scope, saved: null, revision: 1, stale: 0, looked: 1 })
          await this.#append(id, made, now())
          await database.rows.add({ ...blankRow(id, kind, scope), ...this.#shown(made, face, identity), waiting: 1, updated: now() })
          return made
        })
      )
      this.#hold(id, { doc, revision: 1 })
      this.#ports.written()
      return this.#tell({ id, kind, scope, saved: null, revision: 1, stale: 0 }, doc, identity)
    })
  }

  /** The document as it stands here. StoreProblem `document_unknown`. */
  open(id: string): Promise<Opened> {
    return this.#one(async () => {
      const identity = await this.#identity()
      const { stored, doc } = await this.#load(id, identity)
      const opened = this.#tell(stored, doc, identity)
      if (!hasLooked(stored)) await this.#keepFinding(stored, doc, identity, opened.conflicts.length).catch(unlessFull)
      return opened
    })
  }

  /** Makes one change of all `edits`. Nothing is written when nothing would differ. StoreProblem, EditProblem. */
  change(id: string, what: string, edits: readonly Edit[]): Promise<Opened> {
    return this.#one(() => this.#changeOne(id, what, edits))
  }

  async #changeOne(id: string, what: string, edits: readonly Edit[]): Promise<Opened> {
    const identity = await this.#identity()
    const { database, now } = this.#ports
    const { stored, doc, refusedWhole } = await this.#load(id, identity)
    const face = this.#face(stored.kind)
    if (refusedWhole) throw new StoreProblem('document_refused', id)
    const before = A.getHeads(doc).join()
    let made: Loaded
    try {
      made = A.change(doc, this.#said(what, identity), (root) => applyEdits(root, edits, face.prose))
    } catch (problem) {
      this.#held.delete(id)
      throw problem
    }
    if (A.getHeads(made).join() === before) return this.#tell(stored, made, identity)
    const after = await this.#durably(id, () =>
      database.transaction('rw', database.documents, database.changes, database.rows, async () => {
        const current = (await database.documents.get(id)) ?? stored
        const revision = current.revision + 1
        // Another tab or the sync was in between: the row is made again from all of it.
        const between = current.revision !== stored.revision
        const stale = between ? 1 : current.stale
        await database.documents.put({ ...current, revision, stale, looked: between ? current.looked : revision })
        await this.#append(id, made, now())
        const row = (await database.rows.get(id)) ?? blankRow(id, stored.kind, stored.scope)
        await database.rows.put({
          ...row,
          ...this.#shown(made, face, identity, row),
          waiting: row.waiting + 1,
          status: 'device',
          mine: 1,
          updated: now()
        })
        return { ...current, revision, stale }
      })
    )
    this.#hold(id, { doc: made, revision: after.stale ? -1 : after.revision })
    this.#ports.written()
    return this.#tell(after, made, identity)
  }

  /**
   * One small change of a document with thousands of entries. Only the change, its place in the outbox and the counts of the list row
   * are written, and nothing of the content is answered: the row's fields are made anew by the next `change` or `open`.
   */
  write(id: string, what: string, edits: readonly Edit[]): Promise<Written> {
    return this.#one(async () => {
      const quick = await this.#writeHeld(id, what, edits)
      if (quick) return quick
      const before = await this.#ports.database.documents.get(id)
      const { revision } = await this.#changeOne(id, what, edits)
      return { revision, between: revision !== (before?.revision ?? 0) + 1 }
    })
  }

  /**
   * All in one transaction of two rounds; null where the document is not held as it stands, or headquarters did not take some of it.
   * `meta` is not in it: the screens read it all the time, and the write would wait for each of them.
   */
  async #writeHeld(id: string, what: string, edits: readonly Edit[]): Promise<Written | null> {
    const identity = await this.#identity()
    const held = this.#held.get(id)
    if (!held) return null
    const { database, now } = this.#ports
    const done = await this.#durably(id, () =>
      database.transaction('rw', database.documents, database.changes, database.rows, async () => {
        const [stored, untaken, row] = await Promise.all([
          database.documents.get(id),
          database.changes.where('[document+state]').anyOf([id, 'refused'], [id, 'put_away']).count(),
          database.rows.get(id)
        ])
        if (!stored || stored.revision !== held.revision || untaken || !row) return null
        const face = this.#face(stored.kind)
        const doc = A.change(held.doc, this.#said(what, identity), (root) => applyEdits(root, edits, face.prose))
        if (A.getHeads(doc).join() === A.getHeads(held.doc).join()) return { doc, revision: stored.revision }
        const revision = stored.revision + 1
        await Promise.all([
          database.documents.put({ ...stored, revision }),
          this.#append(id, doc, now()),
          database.rows.put({ ...row, waiting: row.waiting + 1, status: 'device', mine: 1, updated: now() })
        ])
        return { doc, revision }
      })
    )
    if (!done) return null
    this.#hold(id, done)
    this.#ports.written()
    return { revision: done.revision, between: false }
  }

  history(id: string): Promise<HistoryEntry[]> {
    return this.#one(async () => {
      const identity = await this.#identity()
      const { doc } = await this.#load(id, identity)
      return historyOf(doc, identity)
    })
  }

  /** Looks at documents that came in beside what was written here: rows and competing values are made anew. */
  async refresh(): Promise<number> {
    const { database } = this.#ports
    const ids = await database.documents.where('stale').equals(1).primaryKeys()
    for (const id of ids) await this.#one(() => this.#refreshOne(id))
    return ids.length
  }

  /**
   * Writes anew, as this device, what an earlier enrolment of the same person left unsent: headquarters takes changes only from
   * the device that made them. The earlier changes are kept, state `rewritten`. Answers how many documents.
   */
  async adopt(): Promise<number> {
    const { database } = this.#ports
    const unsent = await database.changes.where('state').anyOf('waiting', 'refused').toArray()
    const ids = new Set(unsent.map((change) => change.document))
    let adopted = 0
    for (const id of ids) if (await this.#one(() => this.#adoptOne(id))) adopted++
    if (adopted > 0) this.#ports.written()
    return adopted
  }

  async #adoptOne(id: string): Promise<boolean> {
    const { database, now } = this.#ports
    const identity = await this.#identity()
    const stored = await database.documents.get(id)
    const changes = await readChanges(database, id)
    const foreign = changes.filter((change) => isUnsent(change) && !isBy(change.chunk, identity.device))
    const face = stored && faceOf(stored.kind)
    if (!face || foreign.length === 0) return false
    const actor = identity.device + randomHex(8)
    const rest = chunksOf(stored, changes.filter((change) => !foreign.includes(change)))
    const base = assemble(stored.saved, rest, actor)
    const whole = toPlain(assemble(stored.saved, [...rest, ...foreign.map((change) => change.chunk)], actor)) as JsonObject
    const edits = editsFrom(toPlain(base) as JsonObject, whole, face.prose)
    const made = A.change(base, this.#said('taken_over', identity), (root) => applyEdits(root, edits, face.prose))
    const differs = A.getHeads(made).join() !== A.getHeads(base).join()
    await this.#durably(id, () =>
      database.transaction('rw', database.documents, database.changes, database.rows, async () => {
        await database.changes.bulkPut(foreign.map((change) => ({ ...change, state: 'rewritten' as const })))
        if (differs) await this.#append(id, made, now())
        await database.documents.put({ ...stored, revision: stored.revision + 1, stale: 1 })
        await recount(database, [id])
        if (differs) await database.rows.update(id, { status: 'device' })
      })
    )
    this.#held.delete(id)
    return true
  }

  async #refreshOne(id: string): Promise<void> {
    const identity = await this.#identity()
    const { stored, doc } = await this.#load(id, identity)
    await this.#keepFinding(stored, doc, identity, conflictsOf(doc, identity).length)
  }

  /** The row as this device sees it, now that it has looked. */
  async #keepFinding(stored: StoredDocument, doc: Loaded, identity: Identity, conflicts: number): Promise<void> {
    const { database } = this.#ports
    const { id } = stored
    const face = faceOf(stored.kind)
    await database.transaction('rw', database.documents, database.rows, async () => {
      const current = await database.documents.get(id)
      const row = await database.rows.get(id)
      if (!current || !row || current.revision !== stored.revision) return
      const own = row.waiting > 0 && face ? this.#shown(doc, face, identity, row) : {}
      await database.rows.put({ ...row, ...own, conflicts })
      await database.documents.update(id, { stale: 0, looked: current.revision })
    })
  }

  async #load(id: string, identity: Identity): Promise<{ stored: StoredDocument; doc: Loaded; refusedWhole: boolean }> {
    const { database } = this.#ports
    const held = this.#held.get(id)
    const [stored, changes] = await database.transaction('r', database.documents, database.changes, async () => {
      const current = await database.documents.get(id)
      // Thousands of changes are not read again for the next one, unless headquarters did not take some.
      const there = held !== undefined && held.revision === current?.revision
      const untaken = there && (await database.changes.where('[document+state]').anyOf([id, 'refused'], [id, 'put_away']).count())
      return [current, untaken === 0 ? [] : await readChanges(database, id)] as const
    })
    if (!stored) throw new StoreProblem('document_unknown', id)
    const refusedWhole = isRefusedWhole(stored, changes)
    if (held?.revision === stored.revision) return { stored, doc: held.doc, refusedWhole }
    // What was refused may be offered again later (`dependency_missing`): its actor's sequence numbers are spent.
    const spent = changes.some((change) => change.state === 'refused' || change.state === 'put_away')
    const actor = spent ? identity.device + randomHex(8) : this.#actor(identity)
    const doc = assemble(stored.saved, chunksOf(stored, changes), actor)
    this.#hold(id, { doc, revision: stored.revision })
    return { stored, doc, refusedWhole }
  }

  #tell(stored: StoredDocument, doc: Loaded, identity: Identity): Opened {
    return {
      id: stored.id,
      kind: stored.kind,
      scope: stored.scope,
      content: toPlain(doc) as JsonObject,
      conflicts: conflictsOf(doc, identity),
      heads: A.getHeads(doc),
      revision: stored.revision
    }
  }

  /** What the list shows. Fields that only headquarters can know stay as it last said. */
  #shown(doc: Loaded, face: KindFace, identity: Identity, before?: Row): Pick<Row, 'fields' | 'at' | 'conflicts'> {
    const fields = { ...before?.fields, ...face.row(toPlain(doc) as JsonObject) }
    return { fields, at: fields.at ?? '', conflicts: conflictsOf(doc, identity).length }
  }

  async #append(document: string, doc: Loaded, now: number): Promise<void> {
    const chunk = A.getLastLocalChange(doc)
    const hash = A.getHeads(doc)[0]
    if (!chunk || !hash) throw new StoreProblem('nothing_written', document)
    await this.#ports.database.changes.add({ hash, document, chunk, made_at: now, state: 'waiting' })
  }

  /** A change that may not have become durable must never be followed under the same actor: its sequence number is spent. */
  async #durably<Result>(id: string, write: () => PromiseLike<Result>): Promise<Result> {
    try {
      return await write()
    } catch (problem) {
      this.forget()
      throw problem instanceof Error && isQuota(problem) ? new StoreProblem('storage_full', id) : problem
    }
  }

  #hold(id: string, held: Held): void {
    this.#held.delete(id)
    this.#held.set(id, held)
    const oldest = this.#held.keys().next().value
    if (this.#held.size > HELD_AT_ONCE && oldest !== undefined) this.#held.delete(oldest)
  }

  /** One after the other: two writes of one document must not start from the same state. */
  #one<Result>(act: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(async () => {
      await this.#ports.ready()
      return await act()
    })
    this.#last = next.catch(() => {})
    return next
  }

  #said(what: string, identity: Identity): { message: string; time: number } {
    return { message: messageOf(what, identity), time: Math.floor(this.#ports.now() / 1000) }
  }

  #actor(identity: Identity): string {
    return identity.device + this.#session
  }

  #face(kind: string): KindFace {
    const face = faceOf(kind)
    if (!face) throw new StoreProblem('kind_unknown', kind)
    return face
  }

  async #identity(): Promise<Identity> {
    const identity = await readMeta(this.#ports.database, 'identity')
    if (!identity) throw new StoreProblem('not_signed_in', '')
    // Another tab signed in anew: what is held here would go on under the earlier device's actor.
    if (this.#device !== null && this.#device !== identity.device) this.forget()
    this.#device = identity.device
    return identity
  }
}
