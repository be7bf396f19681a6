/** Names that should be borne once, compared as the server compares them (`domain/namesakes.py`). */

/** Letters and digits: no case, no width, no spaces. */
export function normalName(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '').slice(0, 80)
}

/** The last eleven digits; empty below six. */
export function normalPhone(text: string): string {
  const digits = text.normalize('NFKC').replace(/\D/g, '')
  return digits.length >= 6 ? digits.slice(-11) : ''
}
