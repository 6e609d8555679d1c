import { describe, expect, it } from 'vitest'
import { patternOf } from '../../src/lib/pattern'

describe('the pattern of a value', () => {
  it.each([
    ['2026-11-30T19:40:00Z', '^\\d+-\\d+-\\d+T\\d+:\\d+:\\d+Z$'],
    ['30830d8e0c9db49ab947f80a2e5eef8a', '^[0-9a-fA-F]{32}$'],
    ['123e4567-e89b-12d3-a456-426614174000', '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'],
    ['order (7)', '^order \\(\\d+\\)$'],
    ['open', '^.+$'],
  ])('%s is %s', (text, pattern) => {
    expect(patternOf(text)).toBe(pattern)
    expect(new RegExp(pattern).test(text)).toBe(true)
  })

  it('doubles dollars, which would begin a name', () => expect(patternOf('US$5')).toBe('^US\\$$\\d+$'))
})
