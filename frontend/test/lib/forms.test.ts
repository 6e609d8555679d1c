import { describe, expect, it } from 'vitest'
import { authOf, writeAuth } from '../../src/lib/auth'
import { parametersOf, rowCount, sameTables, tableOfText, tablesOf } from '../../src/lib/config'
import { COMPARATORS, comparatorOf, comparatorsOf } from '../../src/lib/comparators'
import { changesOf, formOf } from '../../src/lib/environment'
import { worthSending } from '../../src/lib/files'
import { moveItem } from '../../src/lib/sortable'
import { suggestedChecks, addCheck } from '../../src/lib/suggest'
import { withSeen } from '../../src/lib/trying'
import { normalise, usualTab } from '../../src/lib/document'

describe('parameters as tables', () => {
  it.each([
    [{ user: ['ann', 'bob'] }], [{ 'user-age': [['ann', 7], ['bob', 8]] }], [{ user: '${P(users.csv)}' }],
  ])('keep %j', (parameters) => {
    expect(parametersOf(tablesOf(parameters))).toEqual(parameters)
    expect(sameTables(tablesOf(parameters), parameters)).toBe(true)
  })

  it('of rows by name become rows by place', () => {
    expect(parametersOf(tablesOf({ 'user-age': [{ age: 7, user: 'ann' }] }))).toEqual({ 'user-age': [['ann', 7]] })
  })

  it('multiply', () => {
    expect(rowCount(tablesOf({ a: [1, 2], b: [1, 2, 3] }))).toBe(6)
    expect(rowCount(tablesOf({ a: '${P(x.csv)}' }))).toBeUndefined()
  })

  it('are read from a spreadsheet or a CSV text', () => {
    expect(tableOfText('user\tage\nann\t7')).toEqual({ names: ['user', 'age'], rows: [['ann', '7']] })
    expect(tableOfText('user,note\nann,"a, ""b"""')).toEqual({ names: ['user', 'note'], rows: [['ann', 'a, "b"']] })
    expect(tableOfText('just text')).toBeUndefined()
  })
})

describe('auth', () => {
  it.each([{ type: 'basic', username: 'ann', password: 'x' }, { type: 'digest', username: 'ann', password: 'x' }, { type: 'bearer', token: '$t' }, { type: 'api_key', name: 'k', value: 'v', in: 'query' }, { type: 'certificate', cert: 'a.pem' },
    { type: 'oauth2', grant: 'password', token_url: 'http://t', client_id: 'c', client_secret: 's', client_auth: 'header', username: 'u', password: 'p' }])(
    'keeps %j', (auth) => {
      expect(writeAuth(authOf(auth))).toEqual(auth)
    })

  it('reads a list of user and password and leaves what it does not know alone', () => {
    expect(authOf(['ann', 'x'])).toEqual({ kind: 'basic', values: { username: 'ann', password: 'x' } })
    expect(authOf('${sign()}').kind).toBe('other')
    expect(authOf(undefined).kind).toBe('inherit')
    expect(authOf({}).kind).toBe('inherit')
    expect(authOf('none').kind).toBe('none')
  })
})

describe('comparators', () => {
  it('are known by every alias', () => {
    expect(comparatorOf('equals')!.name).toBe('eq')
    expect(comparatorOf('count_gt')!.name).toBe('len_gt')
    expect(comparatorOf('mine')).toBeUndefined()
  })

  it('are eighteen for imported cases and more for ours', () => {
    expect(comparatorsOf('httprunner2')).toHaveLength(18)
    expect(comparatorsOf('hat')).toHaveLength(COMPARATORS.length)
  })
})

describe('an environment', () => {
  const stored = {
    id: 1, base_id: null, name: 'e', note: '', base_url: '', services: { pay: 'http://p' }, variables: { a: 1 }, secrets: { key: true, old: true }, verify: true, is_default: true, label: '', auth: {}, position: 0,
  }

  it('sends only secrets that were written anew, and null for those taken away', () => {
    const form = formOf(stored)
    form.secrets = [{ name: 'key', value: null }, { name: 'fresh', value: 'x' }]
    expect(changesOf(form, stored).secrets).toEqual({ old: null, fresh: 'x' })
  })

  it('sends services as names and texts', () => {
    expect(changesOf(formOf(stored), stored).services).toEqual({ pay: 'http://p' })
  })
})

describe('answers', () => {
  const answer = { status_code: 200, reason: 'OK', headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: '{"code": 0, "data": {"id": 1}}', size: 30 }

  it('suggest checks', () => {
    const found = suggestedChecks(answer)
    expect(found.map((one) => [one.expression, one.comparator, one.expected])).toContainEqual(['body.code', 'eq', 0])
    expect(found.map((one) => [one.expression, one.comparator, one.expected])).toContainEqual(['body.data', 'type_match', 'dict'])
    expect(found[0]).toMatchObject({ expression: 'status_code', expected: 200, usual: true })
  })

  it('add a check once', () => {
    const step = { id: 's1', name: 'a' } as never
    expect(addCheck(step, 'body.code', 'eq', 0)).toBe(true)
    expect(addCheck(step, 'body.code', 'eq', 0)).toBe(false)
    expect((step as { validate: unknown }).validate).toEqual([{ eq: ['body.code', 0] }])
  })

  it('give one step alone what earlier ones extracted, with dollars that stay dollars', () => {
    const document = normalise({ config: { name: 'x', variables: { a: 1, token: 'old' } }, teststeps: [] })
    expect(withSeen(document, { token: 'p$w' }).config.variables).toEqual({ a: 1, token: 'p$$w' })
    expect(document.config.variables).toEqual({ a: 1, token: 'old' })
  })
})

describe('small things', () => {
  it('moves an item', () => {
    expect(moveItem(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
    expect(moveItem(['a'], 5, 0)).toEqual(['a'])
  })

  it('sends what can be imported and nothing tools left behind', () => {
    expect(['a/login.yml', 'debugtalk.py', '.env', 'x/.env', 'data.csv', 'readme.txt', 'a/picture.png'].every(worthSending)).toBe(true)
    expect(['.git/config.yml', 'logs/x.json', '.DS_Store', 'node_modules/a/package.json'].some(worthSending)).toBe(false)
  })

  it('opens a step on its fullest part', () => {
    expect(usualTab({ id: 's', name: 'a', request: { json: {} } })).toBe('body')
    expect(usualTab({ id: 's', name: 'a', request: { params: { a: 1 } } })).toBe('params')
    expect(usualTab({ id: 's', name: 'a', request: {}, validate: [{ eq: ['status_code', 200] }] })).toBe('checks')
  })
})
