/** The goods receipt, as far as the local store must know it. */
import type { JsonObject, RowFields } from '../../store/types'
import type { KindFace } from '../face'
import { known, sizeOf } from '../read'

/** Differences are headquarters' to say. */
function row(content: JsonObject): RowFields {
  return {
    number: known(content, 'number'),
    title: known(content, 'shipment'),
    dealer: known(content, 'dealer'),
    total: null,
    currency: null,
    at: known(content, 'received_at') ?? known(content, 'created_at'),
    stage: known(content, 'stage'),
    lines: sizeOf(content, 'lines')
  }
}

export const face: KindFace = { name: 'goods_receipt', schema: 1, prose: ['note'], numbered: 'number', row }
