import { describe, expect, it } from 'vitest'
import { catalogueOf, findProducts } from './search'
import type { Product } from './product'

function product(id: string, zh: string, en: string, pinyin: string, barcode: string): Product {
  return { id, name: { zh, en }, units: [{ unit: 'box', factor: '12', barcodes: [barcode] }], base_unit: 'pcs', tax_bp: 1300, pinyin }
}

const catalogue = catalogueOf([
  product('P-100', '龙井茶', 'Dragon Well tea', 'longjingcha ljc', '6901234567892'),
  product('P-1', '茶壶', 'Teapot', 'chahu ch', '6901234567885'),
  product('P-2', '陈年普洱茶', 'Aged Pu-erh tea', 'chennianpuercha cnpec', '6901234567878')
])
const found = (query: string) => findProducts(catalogue, query).map((each) => each.id)

describe('finding a product', () => {
  it('finds by name in either language, code, barcode, pinyin and initials', () => {
    expect(found('龙井')).toEqual(['P-100'])
    expect(found('teapot')).toEqual(['P-1'])
    expect(found('6901234567878')).toEqual(['P-2'])
    expect(found('longjing')).toEqual(['P-100'])
    expect(found('ljc')).toEqual(['P-100'])
  })

  it('puts what begins with the query before what holds it', () => {
    expect(found('p-1')).toEqual(['P-1', 'P-100'])
    expect(found('cha')[0]).toBe('P-1')
  })

  it('wants every word', () => {
    expect(found('tea dragon')).toEqual(['P-100'])
    expect(found('tea nothing')).toEqual([])
  })

  it('knows the unit that a barcode stands on', () => {
    expect(catalogue.byBarcode.get('6901234567885')).toMatchObject({ product: { id: 'P-1' }, unit: 'box' })
  })

  it('answers over 10,000 products within a few milliseconds', () => {
    const many = catalogueOf(Array.from({ length: 10_000 }, (_, n) => product(`S-${n}`, `商品${n}号`, `Product ${n}`, `shangpin${n}hao`, `69${n}`)))
    findProducts(many, 'warm')
    const start = performance.now()
    expect(findProducts(many, 'shangpin 99').length).toBeGreaterThan(100)
    expect(performance.now() - start).toBeLessThan(50)
  })
})
