/** Fails when the JavaScript that the first screen needs is above the limit, gzipped. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const limit = 250 * 1024
const dist = new URL('../dist/', import.meta.url)
const html = readFileSync(new URL('index.html', dist), 'utf8')
const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((found) => found[1])
if (first.length === 0) throw new Error('index.html names no script')

let total = 0
for (const file of new Set(first)) {
  const bytes = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length
  total += bytes
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} kB gz  ${file}`)
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB gz  initial JavaScript; the limit is ${limit / 1024}`)
if (total > limit) process.exit(1)
