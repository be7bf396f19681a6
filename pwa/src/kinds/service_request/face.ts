/** The service request, as far as the local store must know it. State and times come from headquarters and stay as it last said. */
import type { JsonObject } from '../../store/types'
import type { KindFace } from '../face'
import { known, line, placeOf } from '../read'

export const face: KindFace = {
  name: 'service_request',
  schema: 1,
  prose: ['fault'],
  numbered: 'number',
  row: (content: JsonObject) => ({
    number: known(content, 'number'),
    title: line(content, 'model') || line(content, 'serial') || line(content, 'contact'),
    total: null,
    currency: null,
    at: line(content, 'opened_at'),
    dealer: line(content, 'dealer'),
    stage: line(content, 'stage'),
    urgency: line(content, 'urgency') || 'normal',
    machine: known(content, 'machine'),
    serial: line(content, 'serial'),
    customer: known(content, 'customer'),
    contact: line(content, 'contact'),
    phone: line(content, 'phone'),
    ...placeOf(content),
    fault: line(content, 'fault').slice(0, 140)
  })
}
