/** Where the device is, if the person lets it be known. A photo never waits for it longer than three seconds. */

export const PATIENCE = 3_000
/** A place that the device knew so lately is where it is. */
const FRESH = 60_000

/** `geo:` and what it is known by (RFC 5870), or null. Never fails. */
export async function whereAmI(geolocation: Geolocation | undefined = globalThis.navigator?.geolocation, patience = PATIENCE): Promise<string | null> {
  if (!geolocation) return null
  let timer: ReturnType<typeof setTimeout> | undefined
  // While the browser asks the person, its own timeout does not run.
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), patience)))
  const found = new Promise<string | null>((resolve) => {
    try {
      geolocation.getCurrentPosition(({ coords }) => resolve(geoOf(coords)), () => resolve(null), {
        enableHighAccuracy: true,
        maximumAge: FRESH,
        timeout: patience
      })
    } catch {
      resolve(null)
    }
  })
  return await Promise.race([found, late]).finally(() => clearTimeout(timer))
}

/** Six decimals are a tenth of a metre; more would say what no device knows. */
export function geoOf({ latitude, longitude, accuracy }: Pick<GeolocationCoordinates, 'latitude' | 'longitude' | 'accuracy'>): string | null {
  if (![latitude, longitude].every(Number.isFinite) || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null
  const known = Number.isFinite(accuracy) && accuracy >= 0 ? `;u=${Math.min(999_999, Math.ceil(accuracy))}` : ''
  return `geo:${degrees(latitude)},${degrees(longitude)}${known}`
}

function degrees(value: number): string {
  const plain = value.toFixed(6).replace(/\.?0+$/, '')
  return plain === '-0' ? '0' : plain
}
