// Starts the application.
import { createApp } from 'vue'
import App from './App.vue'
import { whenSignedOut } from './api/client'
import { forgetUser, loadSession, user } from './api/session'
import { i18n, preferredLanguage, setLanguage } from './i18n'
import { setTheme } from './lib/theme'
import { router } from './router'
import './main.css'

async function start(): Promise<void> {
  await loadSession().catch(() => undefined)
  if (user.value) setTheme(user.value.theme)
  await setLanguage(user.value?.language || preferredLanguage())
  whenSignedOut(() => {
    if (!user.value) return
    forgetUser()
    void router.push({ name: 'login', query: { next: router.currentRoute.value.fullPath } })
  })
  createApp(App).use(i18n).use(router).mount('#app')
}

// A tab that is older than the server asks for files that are gone: take the new pages, once.
addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('hat.reloaded'))
  if (Date.now() - last < 10_000) return
  sessionStorage.setItem('hat.reloaded', String(Date.now()))
  location.reload()
})

void start()
