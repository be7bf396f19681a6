// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { chooseLanguage, i18n, useArea } from '../i18n/i18n'
import Products from '../views/hq/Products.vue'
import { hqRoutes } from './routes'

const page = {
  rows: [
    { id: 'b1', name: { zh: '三角带', en: 'V-belt' }, base_unit: 'pcs', category: 'belts', units: [{ unit: 'box', factor: '4' }] },
    { id: 'x1', name: { zh: '杂项', en: 'Sundry' }, base_unit: 'box', category: 'never-told' }
  ],
  next: null,
  categories: [
    { id: 'oils', name: { zh: '机油', en: 'Oils' }, position: 1 },
    { id: 'belts', name: { zh: '皮带', en: 'Belts' }, position: 2 }
  ]
}

beforeAll(() => useArea('hq'))
afterEach(() => vi.unstubAllGlobals())

it('products and their filter say the category in the language of the reader', async () => {
  const asked = vi.fn((_: string) => Promise.resolve(Response.json(page)))
  vi.stubGlobal('fetch', asked)
  await chooseLanguage('en')
  const router = createRouter({ history: createMemoryHistory(), routes: hqRoutes })
  await router.push('/hq/products?q=belt')
  const shown = mount(Products, { global: { plugins: [i18n, router] } })
  await flushPromises()
  const options = () => shown.findAll('[data-testid="hq-category"] option').map((option) => option.text())
  const rows = () => shown.findAll('tbody tr').map((row) => row.text())
  expect(options()).toEqual(['All categories', 'Oils', 'Belts'])
  expect(rows()[0]).toContain('Belts')
  expect(rows()[1]).toContain('never-told')
  await chooseLanguage('zh-CN')
  await flushPromises()
  expect(options()).toEqual(['全部类别', '机油', '皮带'])
  expect(rows()[0]).toContain('皮带')

  await shown.find('[data-testid="hq-category"]').setValue('belts')
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ q: 'belt', category: 'belts' })
  expect(asked.mock.lastCall?.[0]).toContain('q=belt&category=belts')
  shown.unmount()
})
