// Cron expressions in the words of both languages.
import { beforeAll, describe, expect, it } from 'vitest'
import type { CronWords } from '@/api/schedules'
import { i18n } from '@/i18n'
import en from '@/i18n/en/schedules.json'
import zh from '@/i18n/zh/schedules.json'
import { cronWords } from '@/lib/cron'

const words = (some: Partial<CronWords> & Pick<CronWords, 'code'>): CronWords => ({
  step: 0, minute: 0, times: [], weekdays: [], days: [], parts: [], ...some,
})
const say = (some: Parameters<typeof words>[0]) => cronWords(words(some), (key, values) => i18n.global.t(key, values ?? {}))

const TABLE: [Parameters<typeof words>[0], string][] = [
  [{ code: 'every_minutes', step: 1 }, 'Every minute'],
  [{ code: 'every_minutes', step: 15 }, 'Every 15 minutes'],
  [{ code: 'hourly', minute: 0 }, 'Every hour'],
  [{ code: 'hourly', minute: 5 }, 'Every hour at minute 5'],
  [{ code: 'every_hours', step: 6, minute: 0 }, 'Every 6 hours'],
  [{ code: 'daily', times: ['02:00', '14:00'] }, 'Every day at 02:00 and 14:00'],
  [{ code: 'weekly', times: ['02:00'], weekdays: [1, 2, 3, 4, 5] }, 'Every working day at 02:00'],
  [{ code: 'weekly', times: ['02:00'], weekdays: [1, 7] }, 'Every Monday and Sunday at 02:00'],
  [{ code: 'monthly', times: ['08:30'], days: [1, 15] }, 'On day 1 and 15 of each month at 08:30'],
  [{ code: 'other', parts: ['0', '0', '13', '*', 'FRI'] }, 'Minute 0, hour 0, day of month 13, and day of week FRI'],
]

describe('a cron expression', () => {
  beforeAll(() => {
    i18n.global.mergeLocaleMessage('en', { schedules: en })
    i18n.global.mergeLocaleMessage('zh', { schedules: zh })
    i18n.global.locale.value = 'en'
  })
  it.each(TABLE)('%o is said in English', (some, sentence) => expect(say(some)).toBe(sentence))
  it('is said in Chinese too', () => {
    i18n.global.locale.value = 'zh'
    const sentences = TABLE.map(([some]) => say(some))
    expect(sentences.filter((one) => one.includes('schedules.'))).toEqual([])
    expect(new Set(sentences).size).toBe(TABLE.length)
  })
})
