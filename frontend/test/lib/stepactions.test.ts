import { reactive } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Content } from '../../src/lib/editor'
import type { Step } from '../../src/lib/document'
import { stepActions } from '../../src/lib/stepactions'
import { innerSteps } from '../../src/lib/steptree'

/** `a` is a step, `[g, [...]]` a group with its steps. */
type Sketch = string | [string, Sketch[]]
const drawn = (steps: readonly Sketch[]): object[] => steps.map((one) => (typeof one === 'string' ? { id: one, name: one } : { id: one[0], name: one[0], steps: drawn(one[1]) }))
const sketched = (steps: readonly Step[]): Sketch[] => steps.map((step) => (innerSteps(step) ? [step.id, sketched(innerSteps(step)!)] : step.id))

function made(...sketch: Sketch[]) {
  const content = reactive({ meta: {}, document: { teststeps: drawn(sketch) } }) as unknown as Content
  const selected = { value: sketch.flat(9)[0] as string }
  const actions = stepActions(content, selected, 'config', () => undefined)
  return { actions, selected, shape: () => sketched(content.document.teststeps), ids: () => content.document.teststeps.map((step) => step.id), content }
}

describe('steps', () => {
  it('that were taken out come back to their place, and what was done since stays', () => {
    const { actions, ids, selected } = made('a', 'b', 'c', 'd')
    const undo = actions.remove(new Set(['b', 'c']))
    actions.addRequest('new', { list: 'teststeps', at: 0 })
    const added = ids()[0]
    undo()
    expect(ids()).toEqual([added, 'a', 'b', 'c', 'd'])
    expect(selected.value).toBe('b')
  })

  it('select the config when the last one goes', () => {
    const { actions, selected } = made('a')
    actions.remove(new Set(['a']))
    expect(selected.value).toBe('config')
  })

  it('that were switched off are on again after undo', () => {
    const { actions, content } = made('a', 'b')
    const undo = actions.switchAll(new Set(['a', 'b']), false)
    expect(content.document.teststeps.map((step) => step.enabled)).toEqual([false, false])
    undo()
    expect(content.document.teststeps.map((step) => step.enabled)).toEqual([undefined, undefined])
  })

  it('that were duplicated go again, and the originals stay', () => {
    const { actions, ids } = made('a', 'b')
    const undo = actions.duplicateAll(new Set(['a']), (name) => `${name} 2`)
    expect(ids()).toHaveLength(3)
    undo()
    expect(ids()).toEqual(['a', 'b'])
  })
})

describe('steps of groups', () => {
  it('come back into their group, and what was added to it since stays', () => {
    const { actions, shape } = made('a', ['g', ['b', 'c', 'd']])
    const undo = actions.remove(new Set(['c', 'd']))
    actions.addCall('new', 7, { list: 'in g', at: 0 })
    const [, [, [added]]] = shape() as [Sketch, [string, Sketch[]]]
    undo()
    expect(shape()).toEqual(['a', ['g', [added, 'b', 'c', 'd']]])
  })

  it('come back beside the others when their group went meanwhile', () => {
    const { actions, shape } = made('a', ['g', ['b', 'c']])
    const undo = actions.remove(new Set(['c']))
    actions.remove(new Set(['g']))
    undo()
    expect(shape()).toEqual(['a', 'c'])
  })

  it('move by keys past each other, out of their group and into the one before', () => {
    const { actions, shape } = made('a', ['g', ['b', 'c']], 'd')
    actions.shift('c', 'up')
    expect(shape()).toEqual(['a', ['g', ['c', 'b']], 'd'])
    actions.shift('b', 'out')
    expect(shape()).toEqual(['a', ['g', ['c']], 'b', 'd'])
    actions.shift('b', 'in')
    actions.shift('d', 'up')
    expect(shape()).toEqual(['a', 'd', ['g', ['c', 'b']]])
    actions.shift('c', 'up')
    expect(shape()).toEqual(['a', 'd', 'c', ['g', ['b']]])
  })

  it('never go into themselves', () => {
    const { actions, shape } = made(['g', ['b', ['h', ['c']]]])
    actions.move('g', { list: 'in h', at: 0 })
    expect(shape()).toEqual([['g', ['b', ['h', ['c']]]]])
  })

  it('are put into a group and taken out again', () => {
    const { actions, shape, selected } = made('a', 'b', 'c', 'd')
    const undo = actions.group(new Set(['b', 'd']), 'both')
    const group = selected.value
    expect(shape()).toEqual(['a', [group, ['b', 'd']], 'c'])
    const back = actions.ungroup(group)
    expect(shape()).toEqual(['a', 'b', 'd', 'c'])
    back()
    expect(shape()).toEqual(['a', [group, ['b', 'd']], 'c'])
    undo()
    expect(shape()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('of another part of the case make it, and the last one takes it away', () => {
    const { actions, content } = made('a', 'b')
    actions.move('a', { list: 'setup', at: 0 })
    expect(content.document.setup).toMatchObject([{ id: 'a' }])
    actions.move('a', { list: 'teststeps', at: 0 })
    expect('setup' in content.document).toBe(false)
  })

  it('have new ids in a copy of their group', () => {
    const { actions, shape } = made(['g', ['b']])
    actions.duplicate('g', (name) => `${name} 2`)
    const ids = shape().flat(3)
    expect(new Set(ids).size).toBe(4)
  })
})
