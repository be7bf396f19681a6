/** Over what the device reaches the network, where the browser tells: Chrome on Android does, Safari and desktops do not. */

export interface Connection extends EventTarget {
  readonly type?: string
}

export function connectionHere(): Connection | null {
  return (globalThis.navigator as (Navigator & { connection?: Connection }) | undefined)?.connection ?? null
}

/** False where it is known to cost money by the megabyte; null where nothing is known. */
export function isWifi(connection: Connection | null): boolean | null {
  switch (connection?.type) {
    case 'wifi':
    case 'ethernet':
      return true
    case 'cellular':
    case 'wimax':
    case 'bluetooth':
      return false
    default:
      return null
  }
}
