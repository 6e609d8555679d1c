// Cron expressions in words, and moments in the zone of a schedule.
import { ApiError } from '@/api/client'
import type { CronWords } from '@/api/schedules'
import { languageTag } from '@/i18n'

type Translate = (key: string, values?: Record<string, unknown>) => string

const WORKING_DAYS = '1,2,3,4,5'
const FIELDS = ['minute', 'hour', 'day', 'month', 'weekday']

/** "Every working day at 02:00", from the code and numbers of the server. */
export function cronWords(words: CronWords, t: Translate): string {
  const { step, minute } = words
  const times = list(words.times)
  switch (words.code) {
    case 'every_minutes':
      return step === 1 ? t('schedules.words.everyMinute') : t('schedules.words.everyMinutes', { n: step })
    case 'hourly':
      return minute ? t('schedules.words.hourlyAt', { minute }) : t('schedules.words.hourly')
    case 'every_hours':
      return t(minute ? 'schedules.words.everyHoursAt' : 'schedules.words.everyHours', { n: step, minute })
    case 'daily':
      return t('schedules.words.daily', { times })
    case 'weekly':
      return words.weekdays.join() === WORKING_DAYS
        ? t('schedules.words.workingDays', { times })
        : t('schedules.words.weekly', { days: list(words.weekdays.map(weekday)), times })
    case 'monthly':
      return t('schedules.words.monthly', { days: list(words.days.map(String)), times })
    default:
      return capital(list(
        words.parts.flatMap((part, at) => (part === '*' ? [] : [t(`schedules.words.part.${FIELDS[at]}`, { part })])),
      ))
  }
}

/** The sentence for a cron expression the server refuses, in the reader's language where it can be worded. */
export function cronFault(error: unknown, t: Translate, te: (key: string) => boolean): string {
  if (!(error instanceof ApiError)) return ''
  const fault = (error.body as { cron?: { code: string; value: string } } | undefined)?.cron
  const key = `schedules.faults.${fault?.code}`
  if (fault && te(key)) return t(key, { value: fault.value })
  return error.fields.cron ?? error.fields.zone ?? ''
}

/** Day and time as clocks in that zone show it. */
export function timeInZone(at: string, zone: string): string {
  return new Intl.DateTimeFormat(languageTag(), {
    timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).format(new Date(at))
}

/** All zones a browser knows, the reader's own first. */
export function zones(own: string): { value: string; label: string }[] {
  const names = [own, 'UTC', ...Intl.supportedValuesOf('timeZone')]
  return [...new Set(names)].map((name) => ({ value: name, label: name }))
}

function weekday(number: number): string {
  // 1 January 2024 was a Monday.
  return new Intl.DateTimeFormat(languageTag(), { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, number)))
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function list(items: string[]): string {
  return new Intl.ListFormat(languageTag(), { type: 'conjunction' }).format(items)
}
