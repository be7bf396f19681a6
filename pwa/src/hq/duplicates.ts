/** What two that look alike have in common, and which may go into which. */
import type { Alike } from './field-wire'

const UNSAID = new Set(['kind', 'schema', 'dealer', 'photos', 'device'])

/** The fields that one of them has, with whether they say different things. */
export function differing(group: readonly Alike[]): { name: string; differs: boolean }[] {
  const names = [...new Set(group.flatMap((each) => Object.keys(each.content)))].filter((name) => !UNSAID.has(name))
  const texts = (name: string): string[] => group.map((each) => JSON.stringify(each.content[name] ?? null))
  const empty = new Set(['null', '""', '{}', '[]', 'false'])
  return names
    .map((name) => ({ name, all: texts(name) }))
    .filter(({ all }) => all.some((text) => !empty.has(text)))
    .map(({ name, all }) => ({ name, differs: new Set(all).size > 1 && name !== 'created_at' }))
}

/** Another of the group that goes into this one: it waits, and looks like this one itself. */
export const mergeable = (group: readonly Alike[], stays: Alike): Alike | undefined =>
  group.find((each) => each.document !== stays.document && each.alike.includes(stays.document))
