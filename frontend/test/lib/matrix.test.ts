import { describe, expect, it } from 'vitest'
import type { Environment } from '@/api/types'
import { cellChange, cellText, matrixRows } from '@/lib/matrix'

function environment(fields: Partial<Environment>): Environment {
  return { id: 1, base_id: null, name: 'test', note: '', base_url: '', services: {}, variables: {}, secrets: {}, auth: {}, verify: true, is_default: false, position: 0, label: '', ...fields }
}
const one = environment({ base_url: 'http://a', services: { pay: 'http://p' }, variables: { user: 'ann', n: 3 }, secrets: { key: true } })
const two = environment({ variables: [{ name: 'n', value: 4, enabled: false }, { name: 'extra', value: 'x' }] })
const variable = (name: string) => ({ kind: 'variables' as const, name })

describe('the matrix of environments', () => {
  it('has a row for each name of any environment', () =>
    expect(matrixRows([one, two]).map((row) => `${row.kind} ${row.name}`.trim())).toEqual(['base_url', 'services pay', 'variables user', 'variables n', 'variables extra', 'secrets key']))

  it('shows what an environment has and not its secrets', () => {
    expect([cellText(one, variable('n')), cellText(two, variable('user'))]).toEqual(['3', undefined])
    expect(cellText(one, { kind: 'secrets', name: 'key' })).toBe('')
    expect(cellText(two, { kind: 'secrets', name: 'key' })).toBeUndefined()
  })

  it('keeps numbers numbers while they are', () => {
    expect(JSON.stringify(cellChange(one, variable('n'), '5').variables)).toBe('{"user":"ann","n":5}')
    expect(cellChange(one, variable('n'), 'many').variables).toEqual({ user: 'ann', n: 'many' })
  })

  it('keeps what a row says beside its value', () =>
    expect(cellChange(two, variable('n'), '').variables).toEqual({ extra: 'x' }))

  it('adds and takes away', () => {
    expect(cellChange(two, variable('user'), 'bob').variables).toEqual([{ name: 'n', value: 4, enabled: false }, { name: 'extra', value: 'x' }, { name: 'user', value: 'bob' }])
    expect(cellChange(one, { kind: 'services', name: 'pay' }, '')).toEqual({ services: {} })
    expect(cellChange(one, { kind: 'secrets', name: 'key' }, 'new')).toEqual({ secrets: { key: 'new' } })
  })
})
