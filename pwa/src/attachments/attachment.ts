/** The words of attachments: how a document names a photo, and what this device keeps of it (docs/attachments.md). */

/** What stands in a document. */
export interface Attachment {
  /** SHA-256 of the bytes as this device has them, hex. */
  hash: string
  /** Bytes. */
  size: number
  type: 'image/jpeg' | 'image/png' | 'image/webp'
  /** Pixels, as it is looked at. */
  width: number
  height: number
  /** ISO, by this device's clock. */
  taken_at: string
  /** `geo:31.230416,121.473701;u=12` (RFC 5870), or null. */
  place: string | null
}

/** `waiting`: only here. `stored`: headquarters said that it has it whole. `refused`: it said that it does not take it; kept. */
export type AttachmentState = 'waiting' | 'stored' | 'refused'

/** A photo that was taken on this device. Key: scope and hash. */
export interface StoredAttachment extends Attachment {
  scope: string
  state: AttachmentState
  /** Why it was refused: a code of docs/attachments.md. */
  code?: string
  /** When it was added here: the newest are sent first. */
  added: number
  /** How often it stands in entries; what was removed from all of them is kept, and not sent. */
  uses: number
  /** Where the upload goes on that was begun. */
  upload?: string
}

export type Part = 'whole' | 'thumb'

/** Key: hash and part. Apart from what is told of the photo, so that lists do not load megabytes. */
export interface AttachmentBytes {
  hash: string
  part: Part
  bytes: Uint8Array<ArrayBuffer>
  kept: number
}

export type PhotoProblemCode = 'not_a_picture' | 'storage_full' | 'not_signed_in' | 'failed'

export class PhotoProblem extends Error {
  constructor(readonly code: PhotoProblemCode) {
    super(code)
    this.name = 'PhotoProblem'
  }
}

/** What a page may show of it. */
export function pictureType(part: Part, type: string): string {
  return part === 'thumb' ? 'image/jpeg' : type
}
