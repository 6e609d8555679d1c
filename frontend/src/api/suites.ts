/** Calls about suites: named, ordered choices of cases. */

import type { components } from './schema'
import { api } from './client'
import type { Page } from './types'

type Shape = components['schemas']

export type SuiteRow = Shape['SuiteRow']
export type SuiteCase = Shape['SuiteCase']
export type Suite = Shape['SuiteOut']

export interface SuiteQuery {
  search?: string
  sort?: string
  page?: number
  page_size?: number
}

export const suites = {
  list: (project: number, query: SuiteQuery = {}, signal?: AbortSignal) =>
    api.get<Page<SuiteRow>>('/projects/{id}/suites', { path: { id: project }, query: { ...query }, signal }),
  get: (id: number, signal?: AbortSignal) => api.get<Suite>('/suites/{id}', { path: { id }, signal }),
  create: (project: number, body: { name: string; description: string; cases: number[] }) => api.post<Suite>('/projects/{id}/suites', { path: { id: project }, body }),
  change: (id: number, body: { version: number; name: string; description: string; cases: number[] }) => api.patch<Suite>('/suites/{id}', { path: { id }, body }),
  remove: (id: number) => api.delete('/suites/{id}', { path: { id } }),
  restore: (id: number) => api.post('/suites/{id}/restore', { path: { id } }),
}
