/** What one sees of the cases of a project: the filters of the address, and the columns one chose. */

import type { Ref } from 'vue'
import type { SavedFilter } from '@/api/types'
import { remembered } from './remembered'

/** What the list is narrowed to; what is empty narrows nothing. */
export type FilterValues = SavedFilter['query']

/** The chosen columns of a project, as this browser last heard of them; null: the usual ones. */
export function columnsOf(project: number): Ref<string[] | null> {
  return remembered<string[] | null>(`columns.${project}`, null)
}
