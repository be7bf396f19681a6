/** The customer, as far as the local store must know it. */
import type { JsonObject } from '../../store/types'
import type { KindFace } from '../face'
import { line, placeOf } from '../read'

export const face: KindFace = {
  name: 'customer',
  schema: 1,
  prose: ['note'],
  numbered: null,
  row: (content: JsonObject) => ({
    number: null,
    title: line(content, 'name') || line(content, 'phone'),
    total: null,
    currency: null,
    at: line(content, 'created_at'),
    phone: line(content, 'phone'),
    contact: line(content, 'contact'),
    ...placeOf(content)
  })
}
