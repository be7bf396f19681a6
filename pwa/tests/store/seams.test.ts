import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { editsFrom } from '../../src/store/adopt'
import { EditProblem } from '../../src/store/edits'
import { answerCalls, callsTo, WorkerProblem, type Faces } from '../../src/store/rpc'
import { checkEnrolled } from '../../src/store/session'

describe('calls to the worker', () => {
  it('come back with their answer, or with the problem’s code and place', async () => {
    const { port1, port2 } = new MessageChannel()
    const told: unknown[] = []
    const face = {
      add: (a: number, b: number) => a + b,
      fail: () => {
        throw new EditProblem('place_gone', 'lines/x/quantity')
      }
    } satisfies Faces
    answerCalls(port1 as unknown as Worker, face)
    const remote = callsTo<typeof face>(port2 as unknown as Worker, (message) => told.push(message))
    expect(await Promise.all([remote.add(1, 2), remote.add(3, 4)])).toEqual([3, 7])
    const problem = await remote.fail().catch((thrown: unknown) => thrown)
    expect(problem).toBeInstanceOf(WorkerProblem)
    expect(problem).toMatchObject({ code: 'place_gone', subject: 'lines/x/quantity' })
    port1.postMessage({ round: 'x' })
    await expect.poll(() => told).toEqual([{ round: 'x' }])
    port1.close()
  })
})

describe('what came of an earlier enrolment', () => {
  it('is told as the edits that make it again', () => {
    const before = { stage: 'draft', note: 'a', lines: { l1: { quantity: '1' }, l2: { quantity: '2' } } }
    const after = { stage: 'submitted', note: 'ab', lines: { l1: { quantity: '3' }, l3: { quantity: '4' } } }
    expect(editsFrom(before, after, ['note'])).toEqual([
      { op: 'set', path: 'stage', value: 'submitted' },
      { op: 'text', path: 'note', value: 'ab' },
      { op: 'set', path: 'lines/l1/quantity', value: '3' },
      { op: 'delete', path: 'lines/l2' },
      { op: 'set', path: 'lines/l3', value: { quantity: '4' } }
    ])
  })
})

describe('an enrolment', () => {
  it('that is not one is none', () => {
    expect(() => checkEnrolled(null)).toThrow('not_an_answer')
    expect(() => checkEnrolled({ device: 'zz', token: 't' })).toThrow('not_an_answer')
    const good = { device: '0123456789abcdef', token: 't', user: 'u', name: 'n', role: 'owner', dealer: null, short_code: 'AB', epoch: 'e' }
    expect(checkEnrolled(good)).toBe(good)
  })
})
