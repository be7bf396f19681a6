/** Real symbols, drawn by bwip-js and read by the app's own reader from the app's own wasm. */
import bwip from 'bwip-js/node'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it } from 'vitest'
import { prepareZXingModule } from 'zxing-wasm/reader'
import { aimedAt, decode, type Sighting } from './decode'
import { readGs1 } from './gs1'

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')

beforeAll(async () => {
  await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer }, fireImmediately: true })
})

async function seen(bcid: string, text: string): Promise<Sighting[]> {
  const options = { bcid, text, scale: 3, padding: 10, backgroundcolor: 'ffffff' }
  return decode(new Uint8Array(await bwip.toBuffer(options)))
}

describe('an article number', () => {
  it.each([
    ['ean13', '6901234567892', '06901234567892'],
    ['ean8', '96385074', '00000096385074'],
    ['upca', '012345678905', '00012345678905'],
    ['upce', '01234565', '00012345000065'],
    ['itf14', '16901234567899', '16901234567899'],
    ['databaromni', '(01)06901234567892', '06901234567892'],
    ['databarlimited', '(01)06901234567892', '06901234567892'],
    ['databarstackedomni', '(01)06901234567892', '06901234567892']
  ])('%s %s', async (bcid, text, gtin) => {
    const found = await seen(bcid, text)
    expect(found).toHaveLength(1)
    expect(readGs1(found[0]?.text ?? '', 2026)).toMatchObject({ gtin, problems: [] })
  })
})

describe('GS1 in every symbol that carries it', () => {
  const label = '(01)06901234567892(10)AB-1(17)270331(21)X9'
  it.each(['gs1-128', 'gs1datamatrix', 'gs1qrcode', 'databarexpanded', 'databarexpandedstacked'])('%s', async (bcid) => {
    const [found] = await seen(bcid, label)
    expect(found?.text).toMatch(/^\](C1|d2|Q3|e0)/)
    expect(readGs1(found?.text ?? '', 2026)).toMatchObject({
      gtin: '06901234567892', batch: 'AB-1', expiry: '2027-03-31', serial: 'X9', others: [], problems: []
    })
  })

  it('weighs what a scale has labelled', async () => {
    const [found] = await seen('databarexpanded', '(01)06901234567892(3103)000525')
    expect(readGs1(found?.text ?? '', 2026)).toMatchObject({ netWeight: '0.525' })
  })
})

describe('what is no GS1', () => {
  it.each([
    ['code128', 'SN-4711', false],
    ['code39', 'SN-4711', true],
    ['interleaved2of5', '0123456789', true],
    ['datamatrix', 'SN-4711', false],
    ['qrcode', 'https://example.com/machine?sn=4711', false]
  ])('%s is read as it is', async (bcid, text, weak) => {
    const [found] = await seen(bcid, text)
    expect(found?.weak).toBe(weak)
    expect(readGs1(found?.text ?? '', 2026)).toEqual({ form: 'plain', text, others: [], problems: [] })
  })
})

it('takes the symbol that is aimed at', () => {
  const at = (text: string, x: number, y: number): Sighting => ({ text, weak: false, middle: { x, y } })
  expect(aimedAt([at('left', 100, 360), at('middle', 660, 300), at('right', 1200, 360)], 1280, 720)?.text).toBe('middle')
  expect(aimedAt([], 1280, 720)).toBeUndefined()
})
