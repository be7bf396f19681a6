/** The part of the library that gs1.ts uses; it ships no types. Its dates and numbers are not read: see docs/decisions/0010. */
declare module 'gs1-barcode-parser-mod' {
  export function parseBarcode(text: string): { codeName: string; parsedCodeItems: { ai: string; raw: string }[] }
}
