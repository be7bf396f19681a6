import { afterEach, describe, expect, it, vi } from 'vitest'
import { isUnknown, onScan, resolve, type Meaning } from '../../scan/resolve'
import type { ScanSource } from '../../scan/scan'
import { BarcodeIndex, type Hit } from './barcodes'
import type { Product } from './product'
import { productOf } from './scan'

declare module '../../scan/resolve' {
  interface Meanings {
    engine: string
  }
}

function product(id: string, barcodes: string[], boxBarcodes: string[] = []): Product {
  return { id, name: { en: id }, base_unit: 'pcs', barcodes, units: [{ unit: 'box', factor: '12', barcodes: boxBarcodes }] }
}

const shelf = new BarcodeIndex([
  product('tea', ['6901234567892'], ['16901234567899']),
  product('cola', ['0012345678905']),
  product('mint', ['96385074']),
  product('own', ['A-17', '4711'])
])
const scan = (text: string, source: ScanSource = 'camera') => ({ text, source })
const year = { year: 2026 }
const stops: (() => void)[] = []
const register = (...args: Parameters<typeof onScan>) => stops.push(onScan(...args))
const useShelf = (index = shelf) => register('product', (reading) => productOf(reading, index))
const product_ = (meaning: Meaning) => (meaning.kind === 'product' ? `${meaning.meant.product.id} ${meaning.meant.unit}` : null)

afterEach(() => stops.splice(0).forEach((stop) => stop()))

describe('a scan of a product', () => {
  it.each([
    ['6901234567892', 'tea pcs'], [']E06901234567892', 'tea pcs'], ['06901234567892', 'tea pcs'],
    [']C1010690123456789210L7', 'tea pcs'], ['https://id.gs1.org/01/06901234567892?17=270331', 'tea pcs'],
    [']d20116901234567899', 'tea box'], ['16901234567899', 'tea box'],
    ['012345678905', 'cola pcs'], ['00012345678905', 'cola pcs'], ['96385074', 'mint pcs'],
    [']C102069012345678923748', 'tea pcs'], ['A-17', 'own pcs'], [']A0A-17', 'own pcs'], ['4711', 'own pcs']
  ])('%s is %s', async (text, meant) => {
    useShelf()
    expect(product_(await resolve(scan(text), ['product'], year))).toBe(meant)
  })

  it.each([
    ['6901234567893', '6901234567893'], ['0004711', '0004711'], [']C10104012345678901', '4012345678901'], [']C121SN-9', 'SN-9'], ['26901234567896', '26901234567896']
  ])('%s is unknown, and %s is offered as a search', async (text, search) => {
    useShelf()
    expect(await resolve(scan(text), ['product'], year)).toMatchObject({ kind: null, search })
  })
})

describe('kinds', () => {
  it('are asked in the order of the screen', async () => {
    useShelf()
    register('engine', async ({ gs1 }) => gs1.serial ?? null)
    const code = scan(']C1010690123456789221E-5')
    expect((await resolve(code, ['engine', 'product'], year)).kind).toBe('engine')
    expect((await resolve(code, ['product', 'engine'], year)).kind).toBe('product')
    expect((await resolve(scan('6901234567892'), ['engine', 'product'], year)).kind).toBe('product')
    expect(isUnknown(await resolve(scan(']C121E-5'), ['product'], year))).toBe(true)
  })

  it('that fail lose no scan', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    useShelf()
    register('engine', () => Promise.reject(new Error('broken')))
    expect((await resolve(scan('6901234567892'), ['engine', 'product'], year)).kind).toBe('product')
    expect(told).toHaveBeenCalledOnce()
    told.mockRestore()
  })

  it('that are taken back, or were never there, know nothing', async () => {
    expect(isUnknown(await resolve(scan('6901234567892'), ['engine'], year))).toBe(true)
  })
})

it('answers over 10,000 products within a few milliseconds', async () => {
  const gtin = (n: number) => `69${String(n).padStart(11, '0')}`
  const many = Array.from({ length: 10_000 }, (_, n) => product(`P-${n}`, [gtin(n)], [`1${gtin(n)}`]))
  const began = performance.now()
  const index = new BarcodeIndex(many)
  const built = performance.now()
  useShelf(index)
  let found: Hit | undefined
  for (let n = 0; n < 1_000; n++) {
    const meaning = await resolve(scan(`]C101${gtin(n * 7).padStart(14, '0')}10L7`), ['product'], year)
    if (meaning.kind === 'product') found = meaning.meant
  }
  const each = (performance.now() - built) / 1_000
  expect(found?.product.id).toBe('P-6993')
  expect(built - began).toBeLessThan(200)
  expect(each).toBeLessThan(5)
})
