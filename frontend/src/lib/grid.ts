/** Whether tables of the editor are edited as rows or as text: a choice that follows its person. */

import { computed } from 'vue'
import { changeMe, user } from '@/api/session'
import type { User } from '@/api/types'
import { toast } from './toast'

export const grid = computed<User['grid']>({
  get: () => user.value?.grid ?? 'rows',
  set: (value) => void changeMe({ grid: value }).catch(toast.error),
})
