/** A notice of the system when something long has ended and nobody looks; only for those who asked for it. */

import { computed, ref, type ComputedRef } from 'vue'

const supported = typeof Notification !== 'undefined'
const permission = ref(supported ? Notification.permission : 'denied')

export function useNotice(): { askable: ComputedRef<boolean>; ask: () => Promise<void> } {
  return {
    askable: computed(() => permission.value === 'default'),
    ask: async () => { permission.value = await Notification.requestPermission() },
  }
}

/** Tell it, unless the page is in sight or the reader never allowed it; a click brings the page back. */
export function tell(title: string, body: string): void {
  if (!supported || permission.value !== 'granted' || !document.hidden) return
  const notice = new Notification(title, { body, tag: location.pathname })
  notice.onclick = () => { window.focus(); notice.close() }
}
