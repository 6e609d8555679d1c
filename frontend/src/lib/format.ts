// Times, durations, numbers and sizes in the reader's language.
import { languageTag } from '@/i18n'

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>()

function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: (tag: string) => T,
): T {
  const full = `${languageTag()} ${key}`
  let format = cache.get(full) as T | undefined
  if (!format) cache.set(full, (format = make(languageTag())))
  return format
}

export function formatNumber(value: number, digits = 0): string {
  return cached(`n${digits}`, (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: digits })).format(value)
}

/** A share between 0 and 1; never rounds up to 100 % when something is missing. */
export function formatPercent(share: number): string {
  const floored = share < 1 ? Math.floor(share * 1000) / 1000 : 1
  return cached(
    'p',
    (tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 }),
  ).format(floored)
}

function unit(value: number, name: string, digits: number, unitDisplay: 'narrow' | 'short' | 'long' = 'narrow'): string {
  return cached(
    `u${name}${digits}${unitDisplay}`,
    (tag) =>
      new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay, maximumFractionDigits: digits }),
  ).format(value)
}

/** 0.4ms, 42ms, 1.24s, 10m 27s, 2h 5m, each in the words of the language. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return '–'
  if (ms < 1) return unit(ms, 'millisecond', 1)
  if (ms < 999.5) return unit(Math.round(ms), 'millisecond', 0)
  if (ms < 9_995) return unit(ms / 1000, 'second', 2)
  if (ms < 59_950) return unit(ms / 1000, 'second', 1)
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'minute', seconds % 60, 'second')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'hour', minutes % 60, 'minute')
  return pair(Math.floor(minutes / 1440), 'day', Math.floor((minutes % 1440) / 60), 'hour')
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small ? `${unit(big, bigUnit, 0)} ${unit(small, smallUnit, 0)}` : unit(big, bigUnit, 0)
}

export function formatBytes(size: number | null | undefined): string {
  if (size === null || size === undefined) return '–'
  if (size < 1000) return unit(size, 'byte', 0, 'long')
  if (size < 1_000_000) return unit(size / 1000, 'kilobyte', 1, 'short')
  if (size < 1_000_000_000) return unit(size / 1_000_000, 'megabyte', 1, 'short')
  return unit(size / 1_000_000_000, 'gigabyte', 1, 'short')
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** "2 hours ago", "in 5 minutes", "now". */
export function formatRelative(at: string | Date, now: number = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000
  const format = cached('r', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'narrow' }))
  const counted = cached('rc', (tag) => new Intl.RelativeTimeFormat(tag, { style: 'narrow' }))
  for (const [name, length] of STEPS) {
    if (Math.abs(seconds) >= length) return (name === 'day' ? format : counted).format(Math.trunc(seconds / length), name)
  }
  if (Math.abs(seconds) < 10) return format.format(0, 'second')
  return counted.format(Math.trunc(seconds), 'second')
}

/** The exact time in the viewer's zone. */
export function formatTime(at: string | Date): string {
  return cached('t', (tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' })).format(
    new Date(at),
  )
}

/** Day and month, for axes. */
export function formatDay(date: string): string {
  return cached('d', (tag) => new Intl.DateTimeFormat(tag, { month: tag === 'en' ? 'short' : 'numeric', day: 'numeric' })).format(
    new Date(`${date.slice(0, 10)}T12:00:00`),
  )
}

export function formatDate(at: string | Date): string {
  return cached('dd', (tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })).format(new Date(at))
}

/** The viewer's time zone, such as `Asia/Shanghai`: where a day begins. */
export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}
