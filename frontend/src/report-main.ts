// The single-file report: the same page with its data inside, opened from disk without any server.
import { createApp } from 'vue'
import { i18n, preferredLanguage, setLanguage } from './i18n'
import './main.css'
import ReportFile from './ReportFile.vue'

async function start(): Promise<void> {
  await setLanguage(preferredLanguage())
  createApp(ReportFile).use(i18n).mount('#app')
}

void start()
