// Light, dark or what the system says.
import { computed, ref, watchEffect } from 'vue'
import type { Theme } from '@/api/types'

const query = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = ref(query.matches)
query.addEventListener('change', (event) => (systemIsDark.value = event.matches))

function stored(): Theme {
  try {
    const value = localStorage.getItem('hat.theme')
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

export const theme = ref<Theme>(stored())
export const isDark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value))

export function setTheme(value: Theme): void {
  theme.value = value
  try {
    localStorage.setItem('hat.theme', value)
  } catch {
    // The choice then lasts until the page closes.
  }
}

watchEffect(() => (document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light'))
