/** Calls about schedules. */

import type { components } from './schema'
import type { RunOptions } from '@/lib/runoptions'
import { api } from './client'
import type { Outcome, Page, Run, RunStatus } from './types'

type Shape = components['schemas']

export type CronWords = Shape['CronWords']
export type NextTime = Shape['NextTime']
export type Preview = Shape['Preview']
export type LastFire = Omit<Shape['LastFire'], 'outcome' | 'status'> & { outcome: Outcome | null; status: RunStatus | null }
export type Schedule = Omit<Shape['ScheduleOut'], 'last'> & { last: LastFire | null }

export interface ScheduleWishes {
  name: string
  cron: string
  zone: string
  all: boolean
  cases: number[]
  modules: number[]
  suites: number[]
  environment_id: number | null
  run_name: string
  options: RunOptions
  missed: 'once' | 'skip'
  overlap: 'queue' | 'skip'
}

export const schedules = {
  list: (project: number, query: { search?: string; page_size?: number }, signal?: AbortSignal) =>
    api.get<Page<Schedule>>('/projects/{id}/schedules', { path: { id: project }, query, signal }),
  create: (project: number, body: ScheduleWishes) => api.post<Schedule>('/projects/{id}/schedules', { path: { id: project }, body }),
  change: (id: number, body: ScheduleWishes) => api.patch<Schedule>('/schedules/{id}', { path: { id }, body }),
  enable: (id: number) => api.post<Schedule>('/schedules/{id}/enable', { path: { id } }),
  disable: (id: number) => api.post<Schedule>('/schedules/{id}/disable', { path: { id } }),
  remove: (id: number) => api.delete('/schedules/{id}', { path: { id } }),
  restore: (id: number) => api.post('/schedules/{id}/restore', { path: { id } }),
  run: (id: number) => api.post<Run>('/schedules/{id}/run', { path: { id } }),
  fires: (id: number, query: { page?: number; page_size?: number }) => api.get<Page<LastFire>>('/schedules/{id}/fires', { path: { id }, query }),
  preview: (cron: string, zone: string, signal?: AbortSignal) =>
    api.get<Preview>('/schedules/preview', { query: { cron, zone }, signal }),
}
