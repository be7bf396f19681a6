/**
 * From a scan to what it means on this device. Kinds register how they know their own codes; a screen says which kinds it takes,
 * in its order of preference; what none of them knows is offered as a search. No kind is named here.
 */
import { readGs1, type Gs1 } from './gs1'
import { shortGtin } from './gtin'
import type { Scan } from './scan'

/** What a scan of each kind means. A kind adds itself: `declare module '…/scan/resolve' { interface Meanings { product: … } }`. */
export interface Meanings {}
export type MeaningKind = keyof Meanings & string

export interface Reading {
  scan: Scan
  gs1: Gs1
}

export type Found<Kind extends MeaningKind = MeaningKind> = { [K in Kind]: { kind: K; meant: Meanings[K]; reading: Reading } }[Kind]

export interface Unknown {
  kind: null
  /** What to search for. */
  search: string
  reading: Reading
}

export type Meaning<Kind extends MeaningKind = MeaningKind> = Found<Kind> | Unknown

export function isUnknown<Kind extends MeaningKind>(meaning: Meaning<Kind>): meaning is Unknown {
  return meaning.kind === null
}

/** Null for a code that is not of the kind, or of nothing that this device knows. */
export type Resolver<Kind extends MeaningKind> = (reading: Reading) => Meanings[Kind] | null | Promise<Meanings[Kind] | null>

const resolvers = new Map<string, (reading: Reading) => unknown>()

/** Teaches the app a kind of codes. The latest resolver of a kind counts. Answers how to take it back. */
export function onScan<Kind extends MeaningKind>(kind: Kind, resolver: Resolver<Kind>): () => void {
  resolvers.set(kind, resolver)
  return () => {
    if (resolvers.get(kind) === resolver) resolvers.delete(kind)
  }
}

/** The plainest word of a code: what somebody would type to find it. */
export function searchOf(gs1: Gs1): string {
  const gtin = gs1.gtin ?? gs1.contains
  return (gtin && shortGtin(gtin)) || gs1.serial || gs1.sscc || gs1.text
}

/** `year`: of now. `separator`: see readGs1. A resolver that fails knows nothing: a scan is never lost by it. */
export async function resolve<Kind extends MeaningKind>(
  scan: Scan,
  kinds: readonly Kind[],
  { year, separator }: { year: number; separator?: string }
): Promise<Meaning<Kind>> {
  const reading: Reading = { scan, gs1: readGs1(scan.text, year, separator) }
  for (const kind of kinds) {
    try {
      const meant = await resolvers.get(kind)?.(reading)
      if (meant !== null && meant !== undefined) return { kind, meant, reading } as unknown as Found<Kind>
    } catch (problem) {
      console.error('scan', kind, problem)
    }
  }
  return { kind: null, search: searchOf(reading.gs1), reading }
}
