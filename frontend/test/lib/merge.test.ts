import { describe, expect, it } from 'vitest'
import type { CaseDetail } from '../../src/api/cases'
import { normalise } from '../../src/lib/document'
import type { Content } from '../../src/lib/editor'
import { differences, merge } from '../../src/lib/merge'

function step(id: string, url: string) {
  return { id, name: id, request: { method: 'GET', url } }
}

function mine(...steps: object[]): Content {
  return {
    meta: { name: 'Case', module_id: 1, description: '', tags: ['a'], priority: '' },
    document: normalise({ config: { name: 'Case' }, teststeps: steps }),
  }
}

function theirs(changes: Partial<CaseDetail>, ...steps: object[]): CaseDetail {
  return {
    id: 1, project_id: 1, module: { id: 1, name: 'm' }, name: 'Case', description: '', tags: ['a'], priority: '', owner: null, version: 2, references: {}, used_by: [],
    updated_at: '', updated_by: null, document: normalise({ config: { name: 'Case' }, teststeps: steps }), ...changes,
  }
}

describe('two versions of a case', () => {
  it('that say the same do not differ', () => {
    expect(differences(mine(step('s1', '/a')), theirs({}, step('s1', '/a')))).toEqual([])
  })

  it('differ by part, each with its values', () => {
    const found = differences(mine(step('s1', '/a'), step('s2', '/b')), theirs({ tags: ['b'] }, step('s1', '/x'), step('s3', '/c')))
    expect(found.map((one) => [one.key, one.kind])).toEqual([
      ['tags', 'changed'], ['s1', 'changed'], ['s2', 'onlyMine'], ['s3', 'onlyTheirs'],
    ])
    expect(found[1]!.lines).toEqual([{ path: 'request.url', mine: '"/a"', theirs: '"/x"' }])
  })

  it('tell when only the order differs', () => {
    expect(differences(mine(step('s1', '/'), step('s2', '/')), theirs({}, step('s2', '/'), step('s1', '/'))).map((one) => one.key)).toEqual(['order'])
  })

  it('become one of the chosen parts', () => {
    const own = mine(step('s1', '/a'), step('s2', '/b'))
    const other = theirs({ name: 'Renamed', tags: ['b'] }, step('s1', '/x'), step('s3', '/c'))
    const merged = merge(own, other, { name: 'theirs', tags: 'mine', s1: 'theirs', s2: 'mine', s3: 'theirs' })
    expect(merged.meta).toMatchObject({ name: 'Renamed', tags: ['a'] })
    expect(merged.document.config.name).toBe('Renamed')
    expect(merged.document.teststeps.map((one) => [one.id, one.request!.url])).toEqual([['s1', '/x'], ['s3', '/c'], ['s2', '/b']])
  })

  it('leave out a step that only the other side has', () => {
    const merged = merge(mine(step('s1', '/a')), theirs({}, step('s1', '/a'), step('s2', '/b')), { s2: 'mine' })
    expect(merged.document.teststeps.map((one) => one.id)).toEqual(['s1'])
  })
})
