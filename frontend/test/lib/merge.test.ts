import { describe, expect, it } from 'vitest'
import type { CaseDetail } from '../../src/api/cases'
import { normalise } from '../../src/lib/document'
import { metaOf, type Content } from '../../src/lib/editor'
import { differences, merge, union, type Origin } from '../../src/lib/merge'

function step(id: string, url: string, fields: object = {}) {
  return { id, name: id, request: { method: 'GET', url }, ...fields }
}

function mine(...steps: object[]): Content {
  return {
    meta: { name: 'Case', module_id: 1, owner_id: null, description: '', tags: ['a'], priority: '' },
    document: normalise({ config: { name: 'Case' }, teststeps: steps }),
  }
}

function theirs(changes: Partial<CaseDetail>, ...steps: object[]): CaseDetail {
  return {
    id: 1, project_id: 1, module: { id: 1, name: 'm' }, name: 'Case', description: '', tags: ['a'], priority: '', owner: null, version: 2, references: {}, used_by: [],
    updated_at: '', updated_by: null, document: normalise({ config: { name: 'Case' }, teststeps: steps }), ...changes,
  }
}

function origin(...steps: object[]): Origin {
  const row = theirs({}, ...steps)
  return { meta: metaOf(row), document: row.document }
}

function fields(own: Content, other: CaseDetail, from?: Origin) {
  return differences(own, other, from).flatMap((one) => one.fields.map((field) => [one.key, field.path.join('.'), field.suggested, field.clash]))
}

function suggested(own: Content, other: CaseDetail, from?: Origin) {
  return merge(own, other, differences(own, other, from), {}, from)
}

describe('two versions of a case', () => {
  it('that say the same do not differ', () => {
    expect(differences(mine(step('s1', '/a')), theirs({}, step('s1', '/a')))).toEqual([])
  })

  it('differ field by field, and the side that changed one is chosen', () => {
    const own = mine(step('s1', '/mine', { extract: { a: 'x' } }))
    const other = theirs({ tags: ['b'] }, step('s1', '/a', { extract: { a: 'y' } }))
    expect(fields(own, other, origin(step('s1', '/a', { extract: { a: 'y' } })))).toEqual([
      ['tags', '', 'theirs', false], ['s1', 'request.url', 'mine', false], ['s1', 'extract.a', 'mine', false],
    ])
  })

  it('clash where both changed the same field, or nobody knows what was there', () => {
    const own = mine(step('s1', '/mine'))
    const other = theirs({}, step('s1', '/theirs'))
    expect(fields(own, other, origin(step('s1', '/a')))).toEqual([['s1', 'request.url', 'mine', true]])
    expect(fields(own, other)).toEqual([['s1', 'request.url', 'mine', true]])
  })

  it('become one that holds what each of them changed', () => {
    const from = origin(step('s1', '/a'), step('s2', '/b'))
    const merged = suggested(mine(step('s1', '/mine'), step('s2', '/b')), theirs({ name: 'Renamed' }, step('s1', '/a', { skip: 'later' }), step('s2', '/theirs')), from)
    expect(merged.meta.name).toBe('Renamed')
    expect(merged.document.config.name).toBe('Renamed')
    expect(merged.document.teststeps).toEqual([step('s1', '/mine', { skip: 'later' }), step('s2', '/theirs')])
  })

  it('keep the checks that both added', () => {
    const [first, own, other] = [{ eq: ['a', 1] }, { eq: ['b', 2] }, { eq: ['c', 3] }]
    const from = origin(step('s1', '/', { validate: [first] }))
    const merged = suggested(mine(step('s1', '/', { validate: [first, own] })), theirs({}, step('s1', '/', { validate: [first, other] })), from)
    expect(merged.document.teststeps[0]!.validate).toEqual([first, other, own])
  })

  it('leave out what one of them took out and the other did not touch', () => {
    const from = origin(step('s1', '/a', { variables: { x: 1, y: 2 } }), step('s2', '/b'))
    const merged = suggested(mine(step('s1', '/a', { variables: { x: 1 } }), step('s2', '/b')), theirs({}, step('s1', '/a', { variables: { x: 1, y: 2 } })), from)
    expect(merged.document.teststeps).toEqual([step('s1', '/a', { variables: { x: 1 } })])
  })

  it('keep a step that one of them took out and the other went on with', () => {
    const from = origin(step('s1', '/a'), step('s2', '/b'))
    const own = mine(step('s1', '/a'), step('s2', '/mine'))
    expect(fields(own, theirs({}, step('s1', '/a')), from)).toEqual([['s2', '', 'mine', true]])
    expect(suggested(own, theirs({}, step('s1', '/a')), from).document.teststeps.map((one) => one.id)).toEqual(['s1', 's2'])
  })

  it('keep new steps of both, each where it was put', () => {
    const from = origin(step('s1', '/'), step('s2', '/'))
    const merged = suggested(mine(step('s1', '/'), step('m', '/m'), step('s2', '/')), theirs({}, step('s1', '/'), step('s2', '/'), step('t', '/t')), from)
    expect(merged.document.teststeps.map((one) => one.id)).toEqual(['s1', 'm', 's2', 't'])
  })

  it('tell when only the order differs, and who changed it', () => {
    const from = origin(step('s1', '/'), step('s2', '/'))
    const [own, other] = [mine(step('s1', '/'), step('s2', '/')), theirs({}, step('s2', '/'), step('s1', '/'))]
    expect(fields(own, other, from)).toEqual([['order', '', 'theirs', false]])
    expect(suggested(own, other, from).document.teststeps.map((one) => one.id)).toEqual(['s2', 's1'])
  })

  it('follow what a person chooses instead', () => {
    const [own, other] = [mine(step('s1', '/mine')), theirs({}, step('s1', '/theirs'), step('s2', '/'))]
    const found = differences(own, other)
    const merged = merge(own, other, found, { 's1 request url': 'theirs', s2: 'mine' })
    expect(merged.document.teststeps).toEqual([step('s1', '/theirs')])
  })
})

function group(id: string, ...steps: object[]) {
  return { id, name: id, steps }
}

function laidOut(content: Content): unknown {
  const list = (steps: unknown): unknown => Array.isArray(steps) ? steps.map((one) => (Array.isArray(one.steps) ? { [one.id]: list(one.steps) } : one.id)) : undefined
  const { setup, teststeps, teardown } = content.document
  return { ...(setup ? { setup: list(setup) } : {}), teststeps: list(teststeps), ...(teardown ? { teardown: list(teardown) } : {}) }
}

function around(content: Content, parts: { setup?: object[]; teardown?: object[] }): Content {
  return { ...content, document: normalise({ ...content.document, ...parts }) }
}

describe('two versions of a case with groups, setup and teardown', () => {
  it('differ in the steps of a group field by field, named with it', () => {
    const from = origin(group('g', step('s1', '/a'), step('s2', '/b')))
    const [own, other] = [mine(group('g', step('s1', '/mine'), step('s2', '/b'))), theirs({}, group('g', step('s1', '/a'), step('s2', '/theirs')))]
    expect(fields(own, other, from)).toEqual([['s1', 'request.url', 'mine', false], ['s2', 'request.url', 'theirs', false]])
    expect(differences(own, other, from)[0]!.name).toBe('g › s1')
    expect(suggested(own, other, from).document.teststeps).toEqual([group('g', step('s1', '/mine'), step('s2', '/theirs'))])
  })

  it('keep what both put into setup, teardown and a group', () => {
    const from = origin(group('g', step('s1', '/')))
    const own = around(mine(group('g', step('s1', '/'), step('m', '/m'))), { setup: [step('in', '/in')] })
    const row = theirs({}, group('g', step('t', '/t'), step('s1', '/')))
    const other = { ...row, document: normalise({ ...row.document, teardown: [step('out', '/out')] }) }
    expect(laidOut(suggested(own, other, from))).toEqual({ setup: ['in'], teststeps: [{ g: ['t', 's1', 'm'] }], teardown: ['out'] })
  })

  it('ask once for a group that only one of them has, with all that is in it', () => {
    const own = mine(step('s1', '/'), group('g', step('a', '/a'), group('h', step('b', '/b'))))
    const other = theirs({}, step('s1', '/'))
    expect(fields(own, other, origin(step('s1', '/')))).toEqual([['g', '', 'mine', false]])
    const found = differences(own, other)
    expect(laidOut(merge(own, other, found, { g: 'theirs' }))).toEqual({ teststeps: ['s1'] })
    expect(laidOut(merge(own, other, found, { g: 'mine' }))).toEqual({ teststeps: ['s1', { g: ['a', { h: ['b'] }] }] })
  })

  it('lose no step when one of them took a group apart that the other went on with', () => {
    const from = origin(group('g', step('s1', '/a'), step('s2', '/b')))
    const own = mine(step('s1', '/a'), step('s2', '/b'))
    const other = theirs({}, group('g', step('s1', '/theirs'), step('s2', '/b')))
    expect(suggested(own, other, from).document.teststeps).toContainEqual(step('s1', '/theirs'))
    const found = differences(own, other, from)
    expect(laidOut(merge(own, other, found, { g: 'mine', order: 'theirs' }, from))).toEqual({ teststeps: ['s1', 's2'] })
  })

  it('tell that a step was moved into a group, and leave it to who moved it', () => {
    const from = origin(step('s1', '/'), group('g', step('s2', '/')))
    const [own, other] = [mine(step('s1', '/'), group('g', step('s2', '/'))), theirs({}, group('g', step('s2', '/'), step('s1', '/')))]
    expect(fields(own, other, from)).toEqual([['order', '', 'theirs', false]])
    expect(laidOut(suggested(own, other, from))).toEqual({ teststeps: [{ g: ['s2', 's1'] }] })
  })

  it('lose no step when each put one group into the other', () => {
    const from = origin(group('g', step('s1', '/')), group('h', step('s2', '/')))
    const own = mine(group('g', step('s1', '/'), group('h', step('s2', '/'))))
    const other = theirs({}, group('h', step('s2', '/'), group('g', step('s1', '/'))))
    expect(laidOut(suggested(own, other, from))).toEqual({ teststeps: [{ g: ['s1', { h: ['s2'] }] }] })
  })
})

describe('two lists', () => {
  it('become one with the additions of both and without what either took out', () => {
    expect(union(['a', 'b'], ['a', 'm'], ['a', 'b', 't'])).toEqual(['a', 't', 'm'])
  })
})
