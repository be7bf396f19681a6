/** The service visit, as far as the local store must know it. */
import type { JsonObject } from '../../store/types'
import type { KindFace } from '../face'
import { known, line, sizeOf } from '../read'

export const face: KindFace = {
  name: 'service_visit',
  schema: 1,
  prose: ['diagnosis', 'cause', 'action'],
  numbered: 'number',
  row: (content: JsonObject) => ({
    number: known(content, 'number'),
    title: line(content, 'model') || line(content, 'serial') || line(content, 'number'),
    total: null,
    currency: null,
    at: line(content, 'ended_at') || line(content, 'arrived_at') || line(content, 'created_at'),
    dealer: line(content, 'dealer'),
    stage: line(content, 'stage'),
    technician: line(content, 'technician'),
    request: known(content, 'request'),
    machine: known(content, 'machine'),
    serial: line(content, 'serial'),
    outcome: known(content, 'outcome'),
    parts: sizeOf(content, 'parts'),
    photos: sizeOf(content, 'photos_before') + sizeOf(content, 'photos_after')
  })
}
