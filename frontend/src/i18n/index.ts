// The two languages: one catalogue file per area and language, the file name is the first word of its keys.
import { createI18n } from 'vue-i18n'
import type { Language } from '@/api/types'

type Catalogue = Record<string, unknown>

const loaders: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: () => import('./en'),
  zh: () => import('./zh'),
}

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

const loaded = new Set<Language>()

export async function setLanguage(value: Language): Promise<void> {
  if (!loaded.has(value)) {
    i18n.global.setLocaleMessage(value, (await loaders[value]()).default as never)
    loaded.add(value)
  }
  i18n.global.locale.value = value
  document.documentElement.lang = languageTag()
  try {
    localStorage.setItem('hat.language', value)
  } catch {
    // Private windows may refuse storage; the choice then lasts until the page closes.
  }
}
