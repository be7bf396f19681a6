// Daybook as a peer of the harness: the client of docs/sync.md, documents kept as the tablet keeps them
// (saved chunk, changes, list row), loaded only when one is opened.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import zlib from 'node:zlib';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import * as A from '@automerge/automerge';
import { bump, docId, finalRecord, steps } from '../workload.mjs';

const ROOT = process.env.DAYBOOK_ROOT;
const { decode, encode } = createRequire(path.join(ROOT, 'pwa/package.json'))('@msgpack/msgpack');
const BATCH = 5000; // changes a request: what the server takes
const DEALER = 'd0', SCOPE = `dealer:${DEALER}`, LIST = 'standard@1'; // of bench_server.py
/** `draft`: the last edit does not submit, so that nothing is priced or allocated; by default every order is decided. */
const STAGE = process.env.DAYBOOK_BENCH_STAGE ?? 'submitted';
const str = (s) => new A.ImmutableString(s);
const id = (i) => createHash('md5').update(docId(i)).digest('hex');
/** The bench catalogue has 1,000 products; an SKU of the workload falls on one of them. */
const product = (sku) => `p${Number(sku.slice(4)) % 1000}`;
/** Minor units. The workload's own prices are random; here they are those of the price list, so that orders are accepted. */
const price = (sku) => 100 + (Number(sku.slice(4)) % 1000) * 7;

/** One step of the workload on an order as Daybook writes it. */
function apply(order, step, i, k) {
  if (k === 0) Object.assign(order, { kind: str('order'), schema: 1, number: str(docId(i)), dealer: str(DEALER), currency: str('USD'), price_list: str(LIST), stage: str('draft'), created_at: str(step.set.created_at), note: str(''), lines: {} });
  else if (step.set.note) Object.assign(order, { note: str(step.set.note), stage: str(STAGE), captured_at: str(steps(i)[0].set.created_at) });
  for (const [line, patch] of Object.entries(step.lines)) {
    if (patch.sku !== undefined) order.lines[line] = { position: Object.keys(order.lines).length, product: str(product(patch.sku)), quantity: str(String(patch.qty)), unit: str('pcs'), price: price(patch.sku) };
    else order.lines[line].quantity = str(String(patch.qty));
  }
}
function build(i, device) {
  let d = A.init({ actor: device + createHash('md5').update(`actor:${docId(i)}`).digest('hex').slice(0, 16) });
  steps(i).forEach((s, k) => { d = A.change(d, { time: 1767225600 + i * 10 + k }, (x) => apply(x, s, i, k)); });
  return d;
}
const wanted = (i, bumped) => { const r = finalRecord(i, bumped); return [docId(i), r.note, ...Object.keys(r.lines).sort().map((l) => `${l}:${product(r.lines[l].sku)}:${r.lines[l].qty}:${price(r.lines[l].sku)}`)].join('|'); };
const shown = (d) => [String(d.number), String(d.note), ...Object.keys(d.lines).sort().map((l) => `${l}:${d.lines[l].product}:${d.lines[l].quantity}:${Number(d.lines[l].price)}`)].join('|');

class Client {
  constructor({ port }) { this.port = port; this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 }); this.docs = new Map(); this.rows = new Map(); this.records = new Map(); this.cursors = {}; this.epoch = null; }
  req(url, headers, body) {
    return new Promise((ok, bad) => {
      const r = http.request({ host: '127.0.0.1', port: this.port, method: 'POST', path: url, agent: this.agent, headers }, (res) => { const c = []; res.on('data', (b) => c.push(b)); res.on('end', () => { const b = Buffer.concat(c); res.statusCode < 300 ? ok({ headers: res.headers, body: b }) : bad(new Error(`${res.statusCode} ${b.toString().slice(0, 300)}`)); }); });
      r.on('error', bad); r.end(body);
    });
  }
  async enrol() {
    if (this.token) return;
    const signIn = JSON.parse(fs.readFileSync(process.env.DAYBOOK_BENCH_SIGN_IN, 'utf8'));
    const r = await this.req('/access/devices', { 'content-type': 'application/json' }, JSON.stringify({ ...signIn, name: 'bench' }));
    Object.assign(this, JSON.parse(r.body));
  }
  async sync(documents, pull = true) {
    let body = Buffer.from(encode({ protocol: 1, epoch: this.epoch, sent_at: Date.now(), cursors: this.cursors, documents, pull, limit: 2000 }));
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/x-msgpack', accept: 'application/x-msgpack', 'accept-encoding': 'zstd' };
    if (body.length > 1024) { body = zlib.zstdCompressSync(body); headers['content-encoding'] = 'zstd'; }
    const r = await this.req('/sync', headers, body);
    const answer = decode(r.headers['content-encoding'] === 'zstd' ? zlib.zstdDecompressSync(r.body) : r.body);
    this.epoch = answer.epoch;
    for (const result of answer.results) for (const f of result.refused) throw new Error(`${result.id} ${f.code} ${f.detail}`);
    for (const feed of answer.feeds) {
      for (const d of feed.documents) {
        const chunks = this.docs.get(d.id) ?? [];
        if (d.saved) chunks.unshift(d.saved);
        chunks.push(...d.changes);
        this.docs.set(d.id, chunks); this.rows.set(d.id, d.row);
      }
      for (const r of feed.records) this.records.set(`${r.kind}/${r.key}`, r.body);
      this.cursors[feed.scope] = feed.cursor;
    }
    return { answer, more: answer.feeds.some((f) => f.more) };
  }
  load(i) { return A.load(Buffer.concat(this.docs.get(id(i)))); }
  async expect(n) {
    await this.masterData();
    this.keys = Array.from({ length: n }, (_, i) => id(i));
    this.totals = this.keys.map((_, i) => Object.values(finalRecord(i).lines).reduce((sum, l) => sum + price(l.sku) * l.qty, 0));
  }
  /** The catalogue is no part of the workload: it is here before the clock starts, as on a tablet that was enrolled. */
  async masterData() {
    await this.enrol();
    A.load(A.save(build(0, this.device))); // the wasm is warm, as on a tablet in use
    const keep = this.cursors[SCOPE];
    for (let more = true; more;) { const r = await this.sync([]); more = r.answer.feeds.some((f) => f.more && f.scope !== SCOPE); }
    if (keep === undefined) delete this.cursors[SCOPE]; else this.cursors[SCOPE] = keep;
    this.docs.clear(); this.rows.clear();
  }
  async prepareOffline(n) {
    await this.masterData();
    this.out = [];
    for (let i = 0; i < n; i++) this.out.push({ id: id(i), kind: 'order', scope: SCOPE, changes: A.getAllChanges(build(i, this.device)) });
  }
  async push() {
    const each = BATCH / 5;
    for (let a = 0; a < this.out.length; a += each) await this.sync(this.out.slice(a, a + each), false);
  }
  async pullAll() { for (let k = 0; k < 10000 && (await this.sync([])).more; k++); }
  async pull(n) {
    // Stored and listed, as on the tablet: a document is loaded when it is opened. `verify` loads and compares contents.
    await this.pullAll();
    let ok = 0; for (let i = 0; i < n; i++) { const k = this.keys[i]; ok += this.docs.has(k) && this.rows.get(k).number === docId(i) && (STAGE === 'draft' || (this.rows.get(k).total === this.totals[i] && this.records.has(`decision/${k}`))); }
    return { ok };
  }
  async verify(ids) { await this.enrol(); await this.pullAll(); return { ok: ids.filter((i) => this.docs.has(id(i)) && shown(this.load(i)) === wanted(i)).length }; }
  async edit(ids) {
    await this.enrol(); await this.pullAll();
    const documents = ids.map((i) => {
      const d = A.clone(this.load(i), { actor: this.device + createHash('md5').update(`edit:${i}`).digest('hex').slice(0, 16) });
      const e = A.change(d, (x) => { for (const [line, p] of Object.entries(bump(i).lines)) x.lines[line].quantity = str(String(p.qty)); });
      return { id: id(i), kind: 'order', scope: SCOPE, changes: [A.getLastLocalChange(e)] };
    });
    await this.sync(documents, false);
  }
  disconnect() { this.agent.destroy(); this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 }); }
  async resume(ids) {
    const t0 = performance.now(); const want = ids.map((i) => wanted(i, true));
    await this.pullAll();
    const ok = ids.filter((i, k) => shown(this.load(i)) === want[k]).length;
    const s = (performance.now() - t0) / 1000;
    return { ok, seen_s: s, confirmed_s: s };
  }
}
export default {
  Client,
  server: ({ port, dataDir }) => ({ cmd: process.env.DAYBOOK_BENCH_PYTHON ?? path.join(ROOT, '.venv/bin/python'), args: [path.join(ROOT, 'bench/sync/bench_server.py')], cwd: ROOT, env: { DAYBOOK_PORT: String(port), DAYBOOK_DATA: dataDir, DAYBOOK_LOG_FORMAT: 'json' } }),
  // Counted in the file. The harness looks after 3 s even at a push that was not answered: an answer of `n` would end its clock there.
  stored: ({ dataDir }) => {
    const db = new DatabaseSync(path.join(dataDir, 'daybook.sqlite'), { readOnly: true });
    try { return db.prepare("SELECT COUNT(*) AS n FROM document WHERE kind = 'order'").get().n; } finally { db.close(); }
  },
  settleMs: 300,
};
