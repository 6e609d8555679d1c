import { describe, expect, it } from 'vitest'
import { indexOf, keyOf, problemsAt, spotOf } from '../../src/lib/problems'

describe('the place of a problem', () => {
  it.each([
    ['teststeps[0].validate[1]', { place: 'teststeps[0]', tab: 'checks', rest: '[1]' }],
    ['teststeps[2].request.headers.token', { place: 'teststeps[2]', tab: 'headers', rest: '.token' }],
    ['teststeps[2].request.url', { place: 'teststeps[2]', tab: '', rest: '' }],
    ['teststeps[1].extract.token', { place: 'teststeps[1]', tab: 'extract', rest: '.token' }],
    ['teststeps[1]', { place: 'teststeps[1]', tab: '', rest: '' }],
    ['teststeps[1].steps[0].validate[2]', { place: 'teststeps[1].steps[0]', tab: 'checks', rest: '[2]' }],
    ['setup[0].steps', { place: 'setup[0]', tab: '', rest: '' }],
    ['teardown[3].if', { place: 'teardown[3]', tab: 'options', rest: '' }],
    ['config.variables.user', { place: 'config', tab: 'variables', rest: '.user' }],
    ['config.name', { place: 'config', tab: 'general', rest: '' }],
    ['schema', undefined],
  ])('%s', (path, spot) => {
    expect(spotOf(path)).toEqual(spot)
  })

  it('counts by step and tab', () => {
    const problems = [{ path: 'teststeps[0].validate[1]', message: 'a' }, { path: 'teststeps[1].validate[0]', message: 'b' }]
    expect(problemsAt(problems, 'teststeps[0]')).toHaveLength(1)
    expect(problemsAt(problems, 'teststeps[0]', 'headers')).toHaveLength(0)
  })

  it('reads the rest', () => {
    expect(indexOf('[3].expect')).toBe(3)
    expect(keyOf('.token')).toBe('token')
    expect(keyOf('["X-Id"]')).toBe('X-Id')
  })
})
