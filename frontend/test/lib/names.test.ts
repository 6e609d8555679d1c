import { describe, expect, it } from 'vitest'
import { offered } from '../../src/lib/complete'
import { normalise } from '../../src/lib/document'
import { knownNames, missingFromEarlier } from '../../src/lib/names'

const ORIGINS = {
  config: 'case', environment: (name: string) => `environment ${name}`, step: 'step', extracted: (step: string) => `from ${step}`, parameters: 'rows', project: 'project', builtin: 'built in',
}
const DOCUMENT = normalise({
  config: { name: 'x', variables: { user: 'ann', token: 'old' }, parameters: { 'name-age': [['a', 1]] } },
  teststeps: [
    { id: 's1', name: 'Log in', extract: { token: 'body.token' } },
    { id: 's2', name: 'Read', variables: { page: 1 }, extract: { total: 'body.total' } },
    { id: 's3', name: 'Call', testcase: 7, export: ['order'] },
  ],
})

function names(step: number) {
  const environment = { id: 1, base_id: 2, name: 'e', note: '', base_url: 'http://x', services: { pay: 'http://p' }, variables: { user: 'bob' }, secrets: { key: true }, verify: true, is_default: true, label: '', auth: {}, position: 0 }
  const found = knownNames({ document: DOCUMENT, step, environments: [environment, { ...environment, id: 2, base_id: null, name: 'shared', variables: { user: 'ann', zone: 'eu' } }], functions: [{ name: 'sign', arguments: 'user', doc: 'Signs.', line: 1 }], seen: { token: 't1' }, origins: ORIGINS })
  return new Map(found.map((one) => [one.name, one]))
}

describe('known names', () => {
  it('come from the innermost scope first', () => {
    const found = names(1)
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
    expect(names(1).get('key')!.info).not.toContain('true')
  })

  it('of the own extract are known only after the answer, those of later steps not at all', () => {
    expect(names(1).get('total')).toMatchObject({ late: true })
    expect(names(1).has('order')).toBe(false)
    expect(names(-1).get('token')!.origin).toBe('case')
  })

  it('that begin with what was typed are offered first', () => {
    const list = [...names(1).values()]
    expect(offered(list, 'u').map((one) => one.name)[0]).toBe('user')
    expect(offered(list, 'zzz')).toEqual([])
  })
})

describe('what only an earlier step can give', () => {
  it('is missing until it was seen', () => {
    expect(missingFromEarlier(DOCUMENT, 1, ['token', 'user', 'page'], {})).toEqual(['token'])
    expect(missingFromEarlier(DOCUMENT, 1, ['token'], { token: 1 })).toEqual([])
    expect(missingFromEarlier(DOCUMENT, 0, ['token'], {})).toEqual([])
  })
})
