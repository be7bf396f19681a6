/**
 * The kinds of documents as headquarters lists them. One that lands later needs a name in its words (`<kind>.title` or `<kind>.one`);
 * everything else here only makes it nicer.
 */
import { COMMAND_FORMS, COMMAND_ROLES, type ParamField } from '../generated/commands'
import { SCHEMA_VERSIONS } from '../generated/kinds'
import { i18n } from '../i18n/i18n'
import type { HqIconName } from './icons'
import type { Detail } from './wire'

export type CommandName = keyof typeof COMMAND_ROLES

const icons: Record<string, HqIconName> = {
  stock_count: 'count', goods_receipt: 'receipt', goods_return: 'goodsReturn', sale: 'sale', customer: 'staff', machine: 'machine',
  service_request: 'service', service_visit: 'visit', payment: 'payment', stock_receipt: 'warehouse'
}

/** Kinds in the order of a day's work; those that nobody placed stand behind. */
const ORDER = ['stock_count', 'goods_receipt', 'goods_return', 'sale', 'service_request', 'service_visit', 'customer', 'machine', 'payment', 'stock_receipt']
const place = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length)

/** Every kind but orders, which have an address of their own. */
export const listedKinds: readonly string[] = Object.keys(SCHEMA_VERSIONS)
  .filter((kind) => kind !== 'order')
  .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))

export const iconOf = (kind: string): HqIconName => icons[kind] ?? 'orders'

const said = (...keys: string[]): string | null => {
  const key = keys.find((each) => i18n.global.te(each))
  return key ? i18n.global.t(key) : null
}

/** Several of them: the name of the list. */
export const kindWord = (kind: string): string => said(`desk.kinds.${kind}`, `${kind}.title`, `${kind}.many`, `${kind}.one`) ?? kind.replaceAll('_', ' ')
/** One of them. */
export const oneWord = (kind: string): string => said(`hq.kinds.${kind}`, `desk.one.${kind}`, `${kind}.one`) ?? kindWord(kind)

export const commandWord = (kind: string, name: string): string => said(`desk.acts.${kind}.${name}`, `${kind}.acts.${name}`, `hq.acts.${name}`) ?? name.replaceAll('_', ' ')
export const commandDid = (kind: string, name: string): string => said(`desk.did.${kind}.${name}`, `hq.did.${name}`) ?? commandWord(kind, name)

/** A field of a document or of a command, as people call it. */
export const fieldLabel = (kind: string, name: string): string => said(`desk.fields.${name}`, `${kind}.${name}`, `${kind}.check_${name}`, `order.fields.${name}`, `words.${name}`) ?? name.replaceAll('_', ' ')
/** The same over a column, where the room is smaller. */
export const columnLabel = (kind: string, name: string): string => said(`desk.columns.${kind}.${name}`) ?? fieldLabel(kind, name)
/** A word of the list or the page of a kind: its own, or that of any. */
export const wordFor = (kind: string, name: 'none' | 'noMatch' | 'showAll' | 'search' | 'written'): string => said(`desk.${name}.${kind}`, `desk.${name}.any`) ?? ''
/** A word from a list of choices. */
export const choiceLabel = (kind: string, field: string, value: string): string =>
  said(`desk.choices.${field}.${value}`, `desk.choices.${value}`, `${kind}.${value}`, `words.${value}`) ?? value.replaceAll('_', ' ')

export const fieldsOf = (command: string): readonly ParamField[] => (COMMAND_FORMS as Record<string, readonly ParamField[]>)[command] ?? []

/** Acts that end what a document asked for: they are marked, and never the first choice. */
const HARD = new Set(['reject', 'dismiss', 'reverse'])
export const isHard = (name: string): boolean => HARD.has(name)

/** Those that begin a document: they are offered with the list, not with a document. */
const BEGINS = new Set(['open', 'record'])

/** When an act makes sense; without a word here it is always offered, and the server says why not. */
const WHEN: Record<string, (detail: Detail) => boolean> = {
  'stock_count.accept': waits,
  'stock_count.ask_recount': (detail) => detail.row.stage === 'closed',
  'goods_receipt.resolve': (detail) => Number(detail.row.differences ?? 0) > 0,
  'goods_receipt.dismiss': (detail) => hasReason(detail, 'received_before'),
  'goods_return.receive': comesIn,
  'goods_return.reject': comesIn,
  'goods_return.credit': (detail) => detail.row.direction === 'to_headquarters',
  'goods_return.let_through': (detail) => hasReason(detail, 'returned_too_much'),
  'customer.merge_into': duplicate,
  'customer.keep_both': duplicate,
  'machine.merge_into': duplicate,
  'machine.keep_both': duplicate,
  'service_request.assign': (detail) => stateOf(detail) !== 'closed' && detail.row.stage === 'submitted',
  'service_request.pause': (detail) => !['waiting', 'fixed', 'closed'].includes(stateOf(detail)),
  'service_request.resume': (detail) => stateOf(detail) === 'waiting',
  'service_request.close': (detail) => stateOf(detail) !== 'closed' && detail.row.stage !== 'draft',
  'service_request.reopen': (detail) => ['fixed', 'closed'].includes(stateOf(detail)),
  'service_visit.review': waits,
  'payment.reverse': (detail) => !hasReason(detail, 'payment_reversed'),
  'stock_receipt.reverse': (detail) => !hasReason(detail, 'receipt_reversed')
}

function waits(detail: Detail): boolean {
  return detail.verdict === 'held' || detail.row.attention === true || detail.row.recount === true
}
/** Goods that headquarters has not seen yet, nor sent back. */
function comesIn(detail: Detail): boolean {
  return detail.decision?.figures.waits === true
}
function duplicate(detail: Detail): boolean {
  return detail.row.attention === true
}
function hasReason(detail: Detail, code: string): boolean {
  return detail.decision?.reasons.some((reason) => reason.code === code) ?? false
}
function stateOf(detail: Detail): string {
  return String(detail.row.state ?? '')
}

const may = (command: CommandName, role: string): boolean => (COMMAND_ROLES[command] as readonly string[]).includes(role)

/** The names of the commands that this role may give to a document now. */
export function openCommands(detail: Detail, role: string): string[] {
  const mine = (Object.keys(COMMAND_ROLES) as CommandName[]).filter((command) => command.startsWith(`${detail.kind}.`) && may(command, role))
  return mine
    .filter((command) => !BEGINS.has(command.split('.')[1] ?? '') && (WHEN[command]?.(detail) ?? detail.decision !== null))
    .map((command) => command.split('.')[1] ?? '')
    .sort((a, b) => Number(isHard(a)) - Number(isHard(b)))
}
