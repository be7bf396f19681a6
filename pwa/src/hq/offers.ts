/** How the acts on a document are offered on its page. */
import type { Component } from 'vue'
import type { HqIconName } from './icons'
import { openCommands } from './kinds'
import type { Detail } from './wire'

/** An act that is so frequent that it has a key, in the list as well as on the page. */
export interface KeyedAct {
  name: string
  icon: HqIconName
  key: string
}

export interface ActOffer extends Partial<KeyedAct> {
  name: string
  testid: string
  /** Its own form; left out: the one that is made from the params of the command. */
  panel?: Component
  /** Never what the page asks for first. */
  aside?: boolean
}

/** The acts that a role may do to a document now, the most likely one first. */
export type Offers = (detail: Detail, role: string) => ActOffer[]

/** A count has its own review, where these stand beside what they are about. */
const ELSEWHERE: Record<string, readonly string[]> = { stock_count: ['accept', 'ask_recount'] }

export const offersOf: Offers = (detail, role) =>
  openCommands(detail, role)
    .filter((name) => !ELSEWHERE[detail.kind]?.includes(name))
    .map((name) => ({ name, testid: `hq-act-${name}` }))
