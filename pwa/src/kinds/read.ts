/** Single values of a document's content, whatever somebody may have written there. */
import type { JsonObject } from '../store/types'

export function line(content: JsonObject, name: string): string {
  const value = content[name]
  return typeof value === 'string' ? value : ''
}

export function known(content: JsonObject, name: string): string | null {
  return line(content, name) || null
}

export function placeOf(content: JsonObject): { address: string; geo: string } {
  const place = content['place']
  const inside = place !== null && typeof place === 'object' && !Array.isArray(place) ? place : {}
  return { address: line(inside, 'address'), geo: line(inside, 'geo') }
}

export function sizeOf(content: JsonObject, name: string): number {
  const value = content[name]
  return value !== null && typeof value === 'object' ? Object.keys(value).length : 0
}
