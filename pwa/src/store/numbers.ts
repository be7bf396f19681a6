/** Readable numbers that are unique without asking anybody: the device's short code, a dash, a counter. */
import { type DaybookDatabase, readMeta, writeMeta } from './database'

/** Takes the next number. Call it inside the transaction that uses it: a number given out is never given again. */
export async function takeNumber(database: DaybookDatabase, shortCode: string): Promise<string> {
  const next = ((await readMeta(database, 'counter')) ?? 0) + 1
  await writeMeta(database, 'counter', next)
  return `${shortCode}-${String(next).padStart(4, '0')}`
}
