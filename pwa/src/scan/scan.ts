/** What every way of scanning hands on. */

export type ScanSource = 'camera' | 'wedge' | 'hand'

export interface Scan {
  /**
   * What the code holds. It may begin with its AIM symbology identifier (`]C1`, `]d2`, `]Q3`, `]E0`); the separator of GS1 (FNC1)
   * is the control character GS, 0x1d.
   */
  text: string
  source: ScanSource
}

/** The separator between elements of GS1, as scanners and decoders hand it on. */
export const GS = '\u001d'
