import { describe, expect, it } from 'vitest'
import { offered } from '../../src/lib/complete'
import { normalise } from '../../src/lib/document'
import { knownNames, missingFromEarlier } from '../../src/lib/names'

const ORIGINS = {
  config: 'case', environment: (name: string) => `environment ${name}`, step: 'step', group: (group: string) => `group ${group}`, loop: 'loop', extracted: (step: string) => `from ${step}`, parameters: 'rows', project: 'project', builtin: 'built in',
}
const DOCUMENT = normalise({
  config: { name: 'x', variables: { user: 'ann', token: 'old' }, parameters: { 'name-age': [['a', 1]] } },
  teststeps: [
    { id: 's1', name: 'Log in', extract: { token: 'body.token' } },
    { id: 's2', name: 'Read', variables: { page: 1 }, extract: { total: 'body.total' } },
    { id: 's3', name: 'Call', testcase: 7, export: ['order'] },
  ],
})

function names(step: string, document = DOCUMENT) {
  const environment = { id: 1, base_id: 2, name: 'e', note: '', base_url: 'http://x', services: { pay: 'http://p' }, variables: { user: 'bob' }, secrets: { key: true }, verify: true, is_default: true, label: '', auth: {}, position: 0 }
  const found = knownNames({ document, step, environments: [environment, { ...environment, id: 2, base_id: null, name: 'shared', variables: { user: 'ann', zone: 'eu' } }], functions: [{ name: 'sign', arguments: 'user', doc: 'Signs.', line: 1 }], seen: { token: 't1' }, origins: ORIGINS })
  return new Map(found.map((one) => [one.name, one]))
}

describe('known names', () => {
  it('come from the innermost scope first', () => {
    const found = names('s2')
    expect(found.get('page')!.origin).toBe('step')
    expect(found.get('token')).toMatchObject({ origin: 'from Log in', info: 't1' })
    expect(found.get('user')).toMatchObject({ origin: 'case', info: 'ann' })
    expect(found.get('age')!.origin).toBe('rows')
    expect(found.get('pay')!.origin).toBe('environment e')
    expect(found.get('zone')).toMatchObject({ origin: 'environment shared', info: 'eu' })
    expect(found.get('sign')).toMatchObject({ detail: '(user)', info: 'Signs.' })
    expect(found.get('gen_random_string')!.origin).toBe('built in')
  })

  it('never show a secret', () => {
    expect(names('s2').get('key')!.info).not.toContain('true')
  })

  it('of the own extract are known only after the answer, those of later steps not at all', () => {
    expect(names('s2').get('total')).toMatchObject({ late: true })
    expect(names('s2').has('order')).toBe(false)
    expect(names('').get('token')!.origin).toBe('case')
  })

  it('that begin with what was typed are offered first', () => {
    const list = [...names('s2').values()]
    expect(offered(list, 'u').map((one) => one.name)[0]).toBe('user')
    expect(offered(list, 'zzz')).toEqual([])
  })
})

describe('names in a group', () => {
  const document = normalise({
    config: {}, setup: [{ id: 'u1', name: 'Order', extract: { order: 'body.id' } }],
    teststeps: [{ id: 'g1', name: 'All', variables: { page: 1 }, for_each: { 'user-age': '$users' }, steps: [{ id: 's1', name: 'In', extract: { token: 'body.t' } }, { id: 's2', name: 'Next' }] }],
    teardown: [{ id: 'd1', name: 'Clean' }],
  })

  it('are those of the group, of its loop, and of what ran before', () => {
    const found = names('s2', document)
    expect(['page', 'age', 'iteration', 'token', 'order'].map((name) => found.get(name)?.origin)).toEqual(['group All', 'loop', 'loop', 'from In', 'from Order'])
  })

  it('are not known after it, but for what was extracted', () => {
    const found = names('d1', document)
    expect([found.has('page'), found.has('age'), found.get('token')?.origin]).toEqual([false, false, 'from In'])
    expect(missingFromEarlier(document, 'd1', ['token', 'age'], {})).toEqual(['token'])
  })
})

describe('what only an earlier step can give', () => {
  it('is missing until it was seen', () => {
    expect(missingFromEarlier(DOCUMENT, 's2', ['token', 'user', 'page'], {})).toEqual(['token'])
    expect(missingFromEarlier(DOCUMENT, 's2', ['token'], { token: 1 })).toEqual([])
    expect(missingFromEarlier(DOCUMENT, 's1', ['token'], {})).toEqual([])
  })
})
