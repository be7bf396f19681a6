/** Applies plain descriptions of edits to an Automerge document, inside `A.change`. */
import * as A from '@automerge/automerge/slim'
import type { Edit } from './types'
import { insertValue, isProse, putValue } from './values'

type Steps = (string | number)[]
type Container = Record<string | number, unknown>

/** The place that an edit names is not there (somebody removed it), or is of another form. */
export class EditProblem extends Error {
  constructor(
    readonly code: 'place_gone' | 'path_empty' | 'not_prose',
    readonly path: string
  ) {
    super(`${code}: ${path}`)
    this.name = 'EditProblem'
  }
}

export function stepsOf(path: string): Steps {
  return path.split('/').filter((step) => step !== '')
}

/** Does all edits in order on the proxy that `A.change` gives. Throws EditProblem; the change is then not made. */
export function applyEdits(root: object, edits: readonly Edit[], prose: readonly string[]): void {
  for (const edit of edits) applyEdit(root as Container, edit, prose)
}

function applyEdit(root: Container, edit: Edit, prose: readonly string[]): void {
  const { container, last, path } = find(root, edit.path)
  switch (edit.op) {
    case 'set':
      putValue(container, last, edit.value, path, prose)
      return
    case 'insert':
      if (!Array.isArray(container)) throw new EditProblem('place_gone', edit.path)
      insertValue(container, Number(last), edit.value, path, prose)
      return
    case 'delete':
      if (!(last in container)) return
      if (Array.isArray(container)) A.deleteAt(container, Number(last))
      else delete container[last]
      return
    case 'text':
      if (!isProse(prose, path)) throw new EditProblem('not_prose', edit.path)
      if (typeof container[last] === 'string') A.updateText(root, path, edit.value)
      else container[last] = edit.value
  }
}

/** The map or list that holds the last step. */
function find(root: Container, path: string): { container: Container; last: string | number; path: Steps } {
  const steps = stepsOf(path)
  if (steps.length === 0) throw new EditProblem('path_empty', path)
  const real: Steps = []
  let container: unknown = root
  steps.forEach((step, i) => {
    const here = Array.isArray(container) ? Number(step) : step
    real.push(here)
    if (i === steps.length - 1) return
    const next: unknown = (container as Container)[here]
    if (next === null || typeof next !== 'object' || A.isImmutableString(next)) throw new EditProblem('place_gone', path)
    container = next
  })
  return { container: container as Container, last: real[real.length - 1] as string | number, path: real }
}
