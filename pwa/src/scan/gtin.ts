/** Article numbers in all their lengths, made one: a GTIN of fourteen digits. Pure, exact, never throws. */

/** The check digit of GTIN, SSCC and GLN: weights of three and one from the right, modulo ten. */
export function checkDigitFits(digits: string): boolean {
  if (!/^\d{2,}$/.test(digits)) return false
  let sum = 0
  for (let place = 0; place < digits.length; place++) sum += Number(digits.at(-1 - place)) * (place % 2 ? 3 : 1)
  return sum % 10 === 0
}

const LENGTHS: ReadonlySet<number> = new Set([8, 12, 13, 14])

/** EAN-8, UPC-A, EAN-13 and ITF-14 as fourteen digits, whatever the check digit; null for what has another form. */
export function paddedGtin(text: string): string | null {
  return LENGTHS.has(text.length) && /^\d+$/.test(text) ? text.padStart(14, '0') : null
}

/** As `paddedGtin`, but null where the check digit says that it was misread. */
export function gtinOf(text: string): string | null {
  const padded = paddedGtin(text)
  return padded && checkDigitFits(padded) ? padded : null
}

/** The UPC-A that an eight-digit UPC-E stands for; null where it is none. */
export function upcAOf(upcE: string): string | null {
  const parts = /^([01])(\d{5})(\d)(\d)$/.exec(upcE)
  if (!parts) return null
  const [, system = '', five = '', last = '', check = ''] = parts
  const maker = five.slice(0, 2)
  const body = {
    '0': `${maker}${last}0000${five.slice(2)}`,
    '1': `${maker}${last}0000${five.slice(2)}`,
    '2': `${maker}${last}0000${five.slice(2)}`,
    '3': `${five.slice(0, 3)}00000${five.slice(3)}`,
    '4': `${five.slice(0, 4)}00000${five.slice(4)}`
  }[last]
  const whole = `${system}${body ?? `${five}0000${last}`}${check}`
  return checkDigitFits(whole) ? whole : null
}

/** As people know it from under the bars: without the zeros that only fill it up to fourteen. */
export function shortGtin(gtin: string): string {
  const filling = /^(?:0{6}|0{1,2}|)(?=\d{8})/.exec(gtin)?.[0].length ?? 0
  return gtin.length === 14 ? gtin.slice(filling) : gtin
}
