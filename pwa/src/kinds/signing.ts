/** A signature as documents hold it: it is for the lines as they stand. */
import type { Signature } from '../generated/goods_receipt'

export async function signatureFor(lines: unknown, name: string, strokes: string, at: number): Promise<Signature> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(lines)))
  const signed_hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { name, strokes, signed_at: new Date(at).toISOString(), signed_hash }
}
