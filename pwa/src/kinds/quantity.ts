/** Quantities as the server keeps them (server/domain/quantity.py): exact thousandths inside, decimal strings outside. */
export const THOUSANDTHS = 1000n
const form = /^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,3})?$/

/** The thousandths in "12" or "0.5"; null for any other form. */
export function parseQuantity(text: string): bigint | null {
  if (!form.test(text)) return null
  const negative = text.startsWith('-')
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const value = BigInt(whole) * THOUSANDTHS + BigInt(fraction.padEnd(3, '0') || '0')
  return negative ? -value : value
}

/** The shortest decimal string: 12000n is "12", 500n is "0.5". */
export function formatQuantity(thousandths: bigint): string {
  const sign = thousandths < 0n ? '-' : ''
  const value = thousandths < 0n ? -thousandths : thousandths
  const rest = value % THOUSANDTHS
  const fraction = rest ? `.${rest.toString().padStart(3, '0').replace(/0+$/, '')}` : ''
  return `${sign}${value / THOUSANDTHS}${fraction}`
}
