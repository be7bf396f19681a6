/** What the customer signs, as the server reads it again (rule V9; `signing.py` of the kind says the form). */
import type { ServiceVisit } from '../../generated/service_visit'

const FIELDS = [
  'number', 'serial', 'model', 'arrived_at', 'started_at', 'ended_at', 'diagnosis', 'cause', 'action', 'labour_minutes', 'meter', 'outcome'
] as const
const MOMENTS: ReadonlySet<string> = new Set(['arrived_at', 'started_at', 'ended_at'])

function written(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (MOMENTS.has(name)) return new Date(String(value)).toISOString()
  return String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

const byId = <Value>(map: Record<string, Value> | undefined): [string, Value][] => Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))

export function signedText(visit: ServiceVisit): string {
  const lines = [
    'daybook service_visit: 1',
    ...FIELDS.map((name) => `${name}: ${written(name, visit[name])}`),
    ...byId(visit.checklist).map(([name, value]) => `check ${name}: ${value}`),
    ...byId(visit.parts).map(([name, part]) => `part ${name}: ${part.quantity} ${part.unit} ${part.product} ${written('lot', part.lot)}`.replace(/ +$/, ''))
  ]
  return lines.map((each) => `${each}\n`).join('')
}

/** Lower-case hex SHA-256. */
export async function signedHash(visit: ServiceVisit): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(signedText(visit)))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
