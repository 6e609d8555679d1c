// The two languages: one catalogue file per area and language, the file name is the first word of its keys.
import { createI18n } from 'vue-i18n'
import { setSpeaker } from '@/api/refusal'
import { setFailures } from '@/lib/failure'
import type { Language } from '@/api/types'

type Catalogue = Record<string, unknown>

type Loaders = Record<Language, () => Promise<{ default: Catalogue }>>

const shellWords: Loaders = { en: () => import('./en'), zh: () => import('./zh') }
const workWords: Loaders = { en: () => import('./en-work'), zh: () => import('./zh-work') }
// Few people ever open its pages, so their words come with them alone.
const moreWords: Loaders = { en: () => import('./en-more'), zh: () => import('./zh-more') }
/** The server says it in English; its words in Chinese come with the first refusal, the report hears of none. */
function hear(value: Language): void {
  setFailures(value === 'zh' ? learnFailures : undefined)
  if (import.meta.env.MODE === 'report') return
  if (value === 'en') return setSpeaker((shape) => shape)
  let speaking: Promise<(shape: Catalogue) => Catalogue> | undefined
  setSpeaker(async (shape) => (await (speaking ??= learn()))(shape))
}

async function learnFailures(): Promise<(sentence: string) => string> {
  const [words, { sentences }] = await Promise.all([import('../../../hat/cli/failures.zh.json'), import('@/api/speaker')])
  return sentences(words.default)
}

async function learn(): Promise<(shape: Catalogue) => Catalogue> {
  const [refusals, problems, { speaker }] = await Promise.all([
    import('./refusals.zh.json'), import('../../../hat/cli/problems.zh.json'), import('@/api/speaker'),
  ])
  return speaker({ ...problems.default, ...refusals.default })
}
let more = false
// The single-file report has everything inside, and needs it.
let working = import.meta.env.MODE === 'report'

export const languages: { value: Language; label: string; tag: string }[] = [
  { value: 'en', label: 'English', tag: 'en' },
  // The name of the language in that language, as every language menu has it.
  { value: 'zh', label: '\u4e2d\u6587', tag: 'zh-CN' },
]

export const i18n = createI18n<false>({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  messages: {},
})

export function language(): Language {
  return i18n.global.locale.value as Language
}

/** The BCP 47 tag for Intl and `<html lang>`. */
export function languageTag(): string {
  return language() === 'zh' ? 'zh-CN' : 'en'
}

export function preferredLanguage(): Language {
  const stored = localStorage.getItem('hat.language')
  if (stored === 'en' || stored === 'zh') return stored
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) &&
    navigator.language.toLowerCase().startsWith('zh')
    ? 'zh'
    : 'en'
}

const loaded = new Set<() => unknown>()

async function load(value: Language): Promise<void> {
  const all = [shellWords[value], ...(working ? [workWords[value]] : []), ...(more ? [moreWords[value]] : [])]
  const wanted = all.filter((loader) => !loaded.has(loader))
  const parts = await Promise.all(wanted.map((loader) => loader()))
  parts.forEach((part) => i18n.global.mergeLocaleMessage(value, part.default as never))
  wanted.forEach((loader) => loaded.add(loader))
}

/** The words of the editor, the report and their like; awaited before such a page opens. */
export async function loadWorkWords(): Promise<void> {
  working = true
  await load(language())
}

/** The words of schedules, users, audit log and system; awaited before such a page opens. */
export async function loadMoreWords(): Promise<void> {
  more = true
  await load(language())
}

export async function setLanguage(value: Language): Promise<void> {
  await load(value)
  hear(value)
  i18n.global.locale.value = value
  document.documentElement.lang = languageTag()
  try {
    localStorage.setItem('hat.language', value)
  } catch {
    // Private windows may refuse storage; the choice then lasts until the page closes.
  }
}
