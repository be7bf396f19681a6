/** Fails when the JavaScript that a dealer's first screen needs, frame and view included, is above the limit, gzipped. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const limit = 250 * 1024
const first = ['index.html', 'src/shell/DealerShell.vue', 'src/views/dealer/TodayView.vue']
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))

const files = new Map()
function take(name, from) {
  const entry = manifest[name]
  if (!entry) throw new Error(`${name} is not in the build`)
  if (files.has(entry.file)) return
  files.set(entry.file, from)
  for (const next of entry.imports ?? []) take(next, from)
}
for (const name of first) take(name, name)

const totals = new Map(first.map((name) => [name, 0]))
for (const [file, from] of files) {
  const bytes = file.endsWith('.js') ? gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length : 0
  totals.set(from, totals.get(from) + bytes)
}
const total = [...totals.values()].reduce((sum, each) => sum + each, 0)
for (const [name, bytes] of totals) console.log(`${(bytes / 1024).toFixed(1).padStart(8)} kB gz  ${name}`)
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB gz  initial JavaScript; the limit is ${limit / 1024}`)
if (total > limit) process.exit(1)
