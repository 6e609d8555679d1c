/** Asks before unsaved work is left: save, discard, or stay. */

import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from 'vue'

export type Leave = 'save' | 'discard' | 'stay'

export interface LeaveQuestion {
  resolve: (choice: Leave) => void
}

export interface LeaveGuard {
  /** Whether one may go now; asks when there is something to lose. */
  asking: () => Promise<boolean>
  /** The open question, for the dialog. */
  answer: ShallowRef<LeaveQuestion | undefined>
}

export function useLeaveGuard(dirty: () => boolean, save: () => Promise<boolean>): LeaveGuard {
  const answer = shallowRef<LeaveQuestion>()

  async function asking(): Promise<boolean> {
    if (!dirty()) return true
    const choice = await new Promise<Leave>((resolve) => (answer.value = { resolve }))
    answer.value = undefined
    if (choice === 'save') return save().catch(() => false)
    return choice === 'discard'
  }

  function onUnload(event: BeforeUnloadEvent): void {
    if (dirty()) event.preventDefault()
  }

  onMounted(() => window.addEventListener('beforeunload', onUnload))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', onUnload))
  return { asking, answer }
}
