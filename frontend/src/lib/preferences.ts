// Language, theme and leaving: changed here and remembered in the user's profile.
import type { Language, Theme } from '@/api/types'
import { changeMe, signOut } from '@/api/session'
import { setLanguage } from '@/i18n'
import { setTheme } from './theme'
import { toast } from './toast'

export async function chooseLanguage(value: Language): Promise<void> {
  await setLanguage(value)
  await changeMe({ language: value }).catch(toast.error)
}

export async function chooseTheme(value: Theme): Promise<void> {
  setTheme(value)
  await changeMe({ theme: value }).catch(toast.error)
}

/** Signs out and starts afresh, so that nothing of this user stays in the page. */
export async function leave(): Promise<void> {
  try {
    await signOut()
    location.assign('/login')
  } catch (problem) {
    toast.error(problem)
  }
}
