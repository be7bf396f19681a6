/** The return, as far as the local store must know it. */
import type { JsonObject, RowFields } from '../../store/types'
import type { KindFace } from '../face'
import { known, sizeOf } from '../read'

/** The money is headquarters' to say: it stands on what was sold. */
function row(content: JsonObject): RowFields {
  return {
    number: known(content, 'number'),
    title: known(content, 'source'),
    dealer: known(content, 'dealer'),
    total: null,
    currency: null,
    at: known(content, 'captured_at') ?? known(content, 'created_at'),
    stage: known(content, 'stage'),
    lines: sizeOf(content, 'lines'),
    direction: known(content, 'direction')
  }
}

export const face: KindFace = { name: 'goods_return', schema: 1, prose: ['note'], numbered: 'number', row }
