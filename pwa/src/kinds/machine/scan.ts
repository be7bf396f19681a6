/** What a scan means as a machine: the one with that number on its plate. */
import { onScan, type Reading } from '../../scan/resolve'
import type { Row } from '../../store'
import { useService } from '../use-service'

declare module '../../scan/resolve' {
  interface Meanings {
    machine: Row
  }
}

/** The serial number of a GS1 code, or the code as it is. */
export function serialsOf({ gs1 }: Reading): string[] {
  return [gs1.serial, gs1.text].filter((each): each is string => !!each)
}

onScan('machine', (reading) => {
  const { bySerial } = useService()
  for (const serial of serialsOf(reading)) {
    const found = bySerial(serial)
    if (found) return found
  }
  return null
})
