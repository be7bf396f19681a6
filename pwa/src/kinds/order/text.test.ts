// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { chooseLanguage } from '../../i18n/i18n'
import { quantityWord, sayReason, unitWord } from './text'

const saying = { currency: 'CNY', productName: (id: string) => id }
const short = (allocated: string, back_ordered: string) => sayReason({ code: 'back_ordered', params: { allocated, back_ordered, unit: 'box' } }, saying)

it('a unit stands behind its amount as people write it', async () => {
  await chooseLanguage('en')
  expect(unitWord('box')).toBe('box')
  const amounts = ['0', '0.5', '1', '1.5', '4', '1200']
  expect(amounts.map((amount) => quantityWord(amount, 'box'))).toEqual(['0 boxes', '0.5 boxes', '1 box', '1.5 boxes', '4 boxes', '1,200 boxes'])
  expect(quantityWord('4', 'kg')).toBe('4 kg')
  expect(quantityWord('4', 'drum')).toBe('4 drum')
  expect(short('1', '4')).toContain('boxes')
  expect(short('1', '1')).not.toContain('boxes')
  await chooseLanguage('zh-CN')
  expect(quantityWord('4', 'box')).toBe('4 盒')
})
