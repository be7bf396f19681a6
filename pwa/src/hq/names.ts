/** Names of products that a list speaks of by number only: asked for once, kept while the app is open. */
import { shallowRef, watchEffect } from 'vue'
import type { Names } from '../generated/records'
import { named } from '../kinds/product/product'
import { currentLocale } from './locale'
import { readProducts } from './reads'
import type { Reason } from './wire'

const known = shallowRef<ReadonlyMap<string, Names>>(new Map())
const asked = new Set<string>()
const MOST_AT_ONCE = 40

export function productsIn(reasons: readonly Reason[]): string[] {
  return reasons.map((reason) => reason.params?.product).filter((product): product is string => typeof product === 'string')
}

/** Gives a product's name, or its number until the name is there. */
export function useProductNames(wanted: () => readonly string[]): (product: string) => string {
  watchEffect(() => {
    const fresh = [...new Set(wanted())].filter((product) => !asked.has(product)).slice(0, MOST_AT_ONCE)
    for (const product of fresh) {
      asked.add(product)
      readProducts(product).then(
        (page) => {
          const found = page.rows.find((each) => each.id === product)
          if (found) known.value = new Map([...known.value, [product, found.name]])
        },
        () => asked.delete(product)
      )
    }
  })
  return (product) => named(known.value.get(product), currentLocale()) || product
}
