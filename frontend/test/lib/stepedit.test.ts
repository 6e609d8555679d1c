import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/api/edits'
import type { Step } from '../../src/lib/document'
import { editSteps } from '../../src/lib/stepedit'

const steps: Step[] = [
  { id: 's1', name: 'List users', request: { method: 'GET', url: '/users', headers: { Accept: 'text/html' } }, validate: [{ eq: ['body.users', 1] }] },
  { id: 's2', name: 'Read', request: { method: 'GET', url: '/users/1' } },
  { id: 's3', name: 'Wait', wait: 1 },
]
const replace = (find: string, replacement: string, fields: object = {}): Change => ({ kind: 'replace', find, replacement, regex: false, match_case: true, parts: [], ...fields })
const all = new Set(['s1', 's2', 's3'])

describe('a change of several steps', () => {
  it('replaces a text wherever it stands in the chosen ones, but not in ids', () => {
    const { steps: changed, places } = editSteps(steps, new Set(['s1']), replace('users', 'accounts'))
    expect(places.map((one) => [one.path, one.after])).toEqual([['name', 'List accounts'], ['request.url', '/accounts'], ['validate[0].eq[0]', 'body.accounts']])
    expect(changed[0]!.request!.url).toBe('/accounts')
    expect(changed.slice(1)).toEqual(steps.slice(1))
  })

  it('leaves out the places that are not ticked', () => {
    const { steps: changed } = editSteps(steps, all, replace('users', 'accounts'), new Set(['s1 name', 's2 request.url']))
    expect([changed[0]!.name, changed[0]!.request!.url, changed[1]!.request!.url]).toEqual(['List users', '/accounts', '/users/1'])
  })

  it('takes patterns with groups, and says when one cannot be read', () => {
    expect(editSteps(steps, all, replace('/users/(\\d)', '/u/$1', { regex: true })).steps[1]!.request!.url).toBe('/u/1')
    expect(editSteps(steps, all, replace('(', '', { regex: true })).problem).toBeTruthy()
  })

  it('writes a dollar of plain text as a dollar', () => {
    expect(editSteps(steps, new Set(['s2']), replace('/users', '$base/$&')).steps[1]!.request!.url).toBe('$base/$&/1')
  })

  it('adds a header to requests, and over another value only when asked', () => {
    const header = (overwrite: boolean): Change => ({ kind: 'header', name: 'accept', value: 'application/json', overwrite })
    expect(editSteps(steps, all, header(false)).steps.map((one) => one.request?.headers)).toEqual([{ Accept: 'text/html' }, { accept: 'application/json' }, undefined])
    expect(editSteps(steps, all, header(true)).steps[0]!.request!.headers).toEqual({ Accept: 'application/json' })
  })

  it('adds a check once', () => {
    const check: Change = { kind: 'check', expression: 'status_code', comparator: 'eq', expected: 200 }
    const once = editSteps(steps, all, check)
    expect(once.steps[1]!.validate).toEqual([{ eq: ['status_code', 200] }])
    expect(once.places.map((one) => one.step.id)).toEqual(['s1', 's2'])
    expect(editSteps(once.steps, all, check).places).toEqual([])
  })
})
