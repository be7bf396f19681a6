/** Scanning for a screen: by wedge while it is shown, by the camera's sheet, by hand. One answer for all three. */
import { reactive } from 'vue'
import { useI18n } from 'vue-i18n'
import { tell, tellNext } from '../shell/undo'
import { isUnknown, resolve, type Found, type MeaningKind, type Unknown } from './resolve'
import { scannerSeparator } from './scanner'
import type { Scan } from './scan'
import { useWedge } from './wedge'

export interface Scans {
  /** Whether the sheet is open. */
  open: boolean
  /** What the last code did, or why it did nothing: shown in the sheet. */
  said: string
  problem: string
  /** The code that nothing here has, offered as a search. */
  search: string
  start: () => void
  close: () => void
  scanned: (scan: Scan) => Promise<void>
  seek: () => void
}

export interface ScanAnswers<Kind extends MeaningKind> {
  /** What this screen takes, in its order of preference. */
  kinds: readonly Kind[]
  /** Does what the scan means here; answers what it did, or nothing where the screen shows it. */
  found: (found: Found<Kind>) => string | void | Promise<string | void>
  /** Where the screen has a search for what no barcode finds. */
  seek?: (text: string) => void
}

/** Scans are answered one after the other, in their order: two quick ones of one product are two. */
export function useScans<Kind extends MeaningKind>({ kinds, found, seek }: ScanAnswers<Kind>): Scans {
  const { t } = useI18n()
  let last: Promise<unknown> = Promise.resolve()

  const scans: Scans = reactive({
    open: false,
    said: '',
    problem: '',
    search: '',
    start: () => Object.assign(scans, { open: true, said: '', problem: '', search: '' }),
    close: () => (scans.open = false),
    scanned,
    seek: () => {
      const text = scans.search
      scans.close()
      seek?.(text)
    }
  })

  function scanned(scan: Scan): Promise<void> {
    const next = last.then(() => answer(scan))
    last = next.catch(() => undefined)
    return next
  }

  async function answer(scan: Scan): Promise<void> {
    const meaning = await resolve(scan, kinds, { year: new Date().getFullYear(), separator: scannerSeparator.value })
    if (isUnknown(meaning)) return unknown(meaning)
    Object.assign(scans, { said: '', problem: '', search: '' })
    scans.said = (await found(meaning)) ?? ''
    if (scans.said && !scans.open) tell(scans.said)
  }

  /** What is wrong with the code itself comes first: then it need not be searched for. */
  function unknown({ search, reading: { gs1 } }: Unknown): void {
    const wrong = gs1.problems.find(({ code }) => code === 'check_digit') ?? gs1.problems[0]
    const problem = wrong ? t(`scan.problems.${wrong.code}`, { value: wrong.value }) : t('scan.unknown', { code: search })
    Object.assign(scans, { said: '', problem, search: seek ? search : '' })
    if (scans.open) return
    if (seek) tellNext(problem, { text: t('words.search'), go: scans.seek })
    else tell(problem)
  }

  useWedge((scan) => void scanned(scan))
  return scans
}
