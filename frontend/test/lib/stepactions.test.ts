import { reactive } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Content } from '../../src/lib/editor'
import { stepActions } from '../../src/lib/stepactions'

function made(...ids: string[]) {
  const content = reactive({ meta: {}, document: { teststeps: ids.map((id) => ({ id, name: id })) } }) as unknown as Content
  const selected = { value: ids[0] ?? '' }
  const actions = stepActions(content, selected, 'config', () => undefined)
  return { actions, selected, ids: () => content.document.teststeps.map((step) => step.id), content }
}

describe('steps', () => {
  it('that were taken out come back to their place, and what was done since stays', () => {
    const { actions, ids, selected } = made('a', 'b', 'c', 'd')
    const undo = actions.remove(new Set(['b', 'c']))
    actions.addRequest('new', 0)
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
