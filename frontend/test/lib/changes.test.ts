import { describe, expect, it } from 'vitest'
import { changesBetween, fieldChanges } from '@/lib/changes'
import { normalise } from '@/lib/document'

const step = (id: string, fields: object = {}) => ({ id, name: id.toUpperCase(), request: { method: 'GET', url: '/' + id }, ...fields })
const document = (steps: object[], config: object = {}) => normalise({ schema: 1, dialect: 'hat', config: { name: 'x', ...config }, teststeps: steps })
const told = (before: object[], after: object[]) => changesBetween(document(before), document(after)).map((one) => `${one.kind} ${one.number} ${one.name}`)

describe('the changes between two versions', () => {
  it('name the step and the field', () => {
    const [change] = changesBetween(document([step('a')]), document([step('a', { request: { method: 'POST', url: '/a', headers: { A: '1' } } })]))
    expect(change).toMatchObject({ part: 'teststeps', kind: 'changed', number: 1, name: 'A' })
    expect(change!.fields).toEqual([{ path: 'request.method', before: 'GET', after: 'POST' }, { path: 'request.headers.A', after: '1' }])
  })

  it('know what came, what went and what was moved', () => {
    expect(told([step('a'), step('b')], [step('b'), step('c')])).toEqual(['added 2 C', 'removed 1 A'])
    expect(told([step('a'), step('b'), step('c')], [step('c'), step('a'), step('b')])).toEqual(['moved 1 C'])
  })

  it('say nothing of versions that are the same', () => expect(told([step('a')], [step('a')])).toEqual([]))

  it('tell of config', () => {
    const [change] = changesBetween(document([], { variables: { user: 'ann' } }), document([], { variables: { user: 'bob' } }))
    expect([change!.part, change!.fields]).toEqual(['config', [{ path: 'variables.user', before: 'ann', after: 'bob' }]])
  })

  it('find the one check that came into a list', () => {
    const [one, two, three] = [{ eq: ['status_code', 200] }, { lt: ['elapsed_ms', 9] }, { eq: ['body.a', 1] }]
    expect(fieldChanges([one, three], [one, two, three], 'validate')).toEqual([{ path: 'validate[1].lt', after: '["elapsed_ms",9]' }])
    expect(fieldChanges([one], [{ eq: ['status_code', 201] }], 'validate')).toEqual([{ path: 'validate[0].eq[1]', before: '200', after: '201' }])
  })

  it('follow rows of a grid by their names', () => {
    const rows = (...names: string[]) => names.map((name) => ({ name, value: name + '!' }))
    expect(fieldChanges(rows('a', 'b'), rows('b', 'c'), 'variables')).toEqual([{ path: 'variables.a', before: 'a!' }, { path: 'variables.c', after: 'c!' }])
  })
})
