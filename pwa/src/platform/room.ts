/** Asks the browser to keep what is stored here even when room gets short. It may say no; nothing depends on it. */

const PATIENCE = 2_000
let asked = false

export async function askForRoom(): Promise<boolean> {
  const storage = navigator.storage
  if (asked || typeof storage?.persist !== 'function') return false
  asked = true
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE))
  return await Promise.race([storage.persist().catch(() => false), late])
}
