/** The machine, as far as the local store must know it. */
import type { JsonObject } from '../../store/types'
import type { KindFace } from '../face'
import { known, line, placeOf } from '../read'

export const face: KindFace = {
  name: 'machine',
  schema: 1,
  prose: ['note'],
  numbered: null,
  row: (content: JsonObject) => ({
    number: known(content, 'serial'),
    title: line(content, 'model') || line(content, 'product') || line(content, 'serial'),
    total: null,
    currency: null,
    at: line(content, 'created_at'),
    serial: line(content, 'serial'),
    product: known(content, 'product'),
    model: line(content, 'model'),
    customer: known(content, 'customer'),
    ...placeOf(content)
  })
}
