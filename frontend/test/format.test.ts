import './browser'
import { beforeEach, describe, expect, it } from 'vitest'
import { setLanguage } from '../src/i18n'
import {
  formatBytes, formatDay, formatDuration, formatNumber, formatPercent, formatRelative,
} from '../src/lib/format'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const ago = (seconds: number) => formatRelative(new Date(NOW - seconds * 1000), NOW)

describe('in English', () => {
  beforeEach(() => setLanguage('en'))

  it.each([
    [null, '–'],
    [Number.NaN, '–'],
    [0.42, '0.4ms'],
    [42.4, '42ms'],
    [999.4, '999ms'],
    [999.6, '1s'],
    [1240, '1.24s'],
    [9996, '10s'],
    [59_960, '1m'],
    [627_000, '10m 27s'],
    [7_500_000, '2h 5m'],
    [90_000_000, '1d 1h'],
  ])('a duration of %s ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  it.each([
    [1, '100%'],
    [0.9999, '99.9%'],
    [0.913, '91.3%'],
    [0, '0%'],
  ])('a share of %s is %s: all is said only when it is all', (share, text) => {
    expect(formatPercent(share)).toBe(text)
  })

  it.each([
    [1, '1 byte'],
    [12, '12 bytes'],
    [1842, '1.8 kB'],
    [5_200_000, '5.2 MB'],
    [null, '–'],
  ])('%s bytes are %s', (size, text) => expect(formatBytes(size)).toBe(text))

  it.each([
    [2, 'now'],
    [45, '45s ago'],
    [200, '3m ago'],
    [7300, '2h ago'],
    [86_400, 'yesterday'],
    [3_000_000, '1mo ago'],
  ])('%s seconds ago is "%s"', (seconds, text) => expect(ago(seconds)).toBe(text))

  it('groups thousands', () => expect(formatNumber(1234567)).toBe('1,234,567'))
  it('names a day without shifting it to another', () => expect(formatDay('2026-11-01')).toBe('Nov 1'))
})

describe('in Chinese', () => {
  beforeEach(() => setLanguage('zh'))

  it('words durations and times of its own', () => {
    expect(formatDuration(627_000)).toBe('10\u5206\u949f 27\u79d2')
    expect(ago(7300)).toBe('2\u5c0f\u65f6\u524d')
    expect(formatDay('2026-11-22')).toBe('11/22')
  })
})
