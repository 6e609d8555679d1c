/** Calls about edits: one change of many cases, seen before it is made, undone by one action. */

import { api } from './client'
import type { Edit, EditDone, EditPreview, Page } from './types'

export type Part = 'names' | 'urls' | 'headers' | 'bodies' | 'variables' | 'checks' | 'rest'
export const PARTS: readonly Part[] = ['urls', 'headers', 'bodies', 'variables', 'checks', 'names', 'rest']

export type Change =
  | { kind: 'replace'; find: string; replacement: string; regex: boolean; match_case: boolean; parts: Part[] }
  | { kind: 'header'; name: string; value: string; overwrite: boolean }
  | { kind: 'check'; expression: string; comparator: string; expected: unknown }

/** Which cases an edit is about. */
export interface Chosen {
  cases?: number[]
  modules?: number[]
  all?: boolean
}

export interface Pick {
  id: number
  version: number
  places: string[]
}

export const edits = {
  preview: (project: number, change: Change, chosen: Chosen, signal?: AbortSignal) =>
    api.post<EditPreview>('/projects/{id}/edits/preview', { path: { id: project }, body: { change, ...chosen }, signal }),
  apply: (project: number, change: Change, cases: Pick[]) => api.post<EditDone>('/projects/{id}/edits', { path: { id: project }, body: { change, cases } }),
  undo: (id: number) => api.post<EditDone>('/edits/{id}/undo', { path: { id } }),
  list: async (project: number) => (await api.get<Page<Edit>>('/projects/{id}/edits', { path: { id: project }, query: { page_size: 5 } })).items,
}
