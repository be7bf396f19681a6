/**
 * The seam between screens and the local store. Screens import from here alone.
 *
 * Reading is local and at once (live queries on IndexedDB); writing goes to the documents worker, which makes one
 * strictly durable transaction of change, outbox and list row. The network is never waited for.
 */
export type * from './types'
export { openStore, createDocument, changeDocument, openDocument, documentHistory, putAway, sendPhotosOnWifiOnly, syncNow } from './store'
export { useDocument, type DocumentView } from './use-document'
export { useLargeDocument, type LargeDocument } from './use-large-document'
export { useRows, useRow, type RowFilter } from './use-rows'
export { useRecord, useRecords, getRecord, listRecords, type RecordsWanted } from './use-records'
export { useSyncState, useIdentity } from './use-sync-state'
export { useAttention, putAwayNotice, type Attention } from './use-attention'
export { useDraft } from './use-draft'
export { enrol, signOut, unsent, rememberLocale, EnrolProblem, type EnrolWith } from './session'
export { WorkerProblem } from './rpc'
export { addPhoto, photoUsed } from '../attachments/take'
export { usePhotoStates, useThumbs, useWifiChoice, largePicture } from '../attachments/use-photos'
export { PhotoProblem, type Attachment } from '../attachments/attachment'
export { useAppUpdate } from '../platform/update'
export { usePushSwitch } from '../platform/use-pushes'
