/** Calls about modules, cases, environments, functions and imports. Documents keep their numbers exact. */

import type { CaseDocument } from '@/lib/document'
import { parseJson } from '@/lib/json'
import { readDetail } from './result'
import type { RunOptions } from '@/lib/runoptions'
import { api } from './client'
import type { CaseDetail as CaseResult } from './result'
import type {
  Case, CaseRow, Delta, Environment, EnvironmentUses, FunctionCallers, Functions, ImportReport, Module, Page, Project, Revision, Run, UserBrief,
} from './types'

export type CaseDetail = Omit<Case, 'document'> & { document: CaseDocument }

export interface CaseQuery {
  search?: string
  module?: number
  tag?: string
  outcome?: string
  owner?: number
  sort?: string
  page?: number
  page_size?: number
}

export interface CaseChanges {
  version: number
  document: unknown
  name?: string
  module_id?: number
  description?: string
  tags?: string[]
  priority?: string
}

export interface BatchRequest {
  ids: number[]
  action: 'move' | 'tag' | 'untag' | 'copy' | 'delete' | 'restore'
  module_id?: number
  tags?: string[]
}

export interface RunRequest {
  cases?: number[]
  modules?: number[]
  suites?: number[]
  all?: boolean
  environment_id?: number | null
  name?: string
  options?: RunOptions
  document?: unknown
  case_id?: number
  step_id?: string
  up_to?: boolean
}

const exact = { parse: parseJson }

/** Some lists come as pages, some as plain lists. */
function items<T>(answer: Page<T> | T[]): T[] {
  return Array.isArray(answer) ? answer : answer.items
}

export const modules = {
  list: async (project: number, signal?: AbortSignal) =>
    items(await api.get<Page<Module> | Module[]>('/projects/{id}/modules', { path: { id: project }, query: { page_size: 500 }, signal })),
  create: (project: number, name: string) => api.post<Module>('/projects/{id}/modules', { path: { id: project }, body: { name } }),
  change: (id: number, body: { name?: string; position?: number; auth?: unknown }) => api.patch<Module>('/modules/{id}', { path: { id }, body }),
  remove: (id: number) => api.delete('/modules/{id}', { path: { id } }),
  restore: (id: number) => api.post('/modules/{id}/restore', { path: { id } }),
}

export const cases = {
  list: (project: number, query: CaseQuery, signal?: AbortSignal) =>
    api.get<Page<CaseRow>>('/projects/{id}/cases', { path: { id: project }, query: { ...query }, signal }),
  create: (project: number, body: { module_id: number; name: string; document?: unknown; tags?: string[]; priority?: string; description?: string }) =>
    api.post<CaseDetail>('/projects/{id}/cases', { path: { id: project }, body, ...exact }),
  tags: async (project: number, signal?: AbortSignal) => items(await api.get<Page<{ name: string; count: number }>>('/projects/{id}/tags', { path: { id: project }, signal })),
  people: async (project: number, signal?: AbortSignal) => items(await api.get<Page<UserBrief>>('/projects/{id}/people', { path: { id: project }, signal })),
  get: (id: number, signal?: AbortSignal) => api.get<CaseDetail>('/cases/{id}', { path: { id }, signal, ...exact }),
  save: (id: number, body: CaseChanges) => api.put<CaseDetail>('/cases/{id}', { path: { id }, body, ...exact }),
  copy: (id: number, body: { name?: string; module_id?: number }) => api.post<CaseDetail>('/cases/{id}/copy', { path: { id }, body }),
  remove: (id: number) => api.delete('/cases/{id}', { path: { id } }),
  restore: (id: number) => api.post('/cases/{id}/restore', { path: { id } }),
  batch: (project: number, body: BatchRequest) => api.post<{ changed: number[] }>('/projects/{id}/cases/batch', { path: { id: project }, body }),
  order: (project: number, module: number, ids: number[]) =>
    api.post('/projects/{id}/cases/order', { path: { id: project }, body: { module_id: module, ids } }),
  revisions: async (id: number) => items(await api.get<Page<Revision> | Revision[]>('/cases/{id}/revisions', { path: { id }, query: { page_size: 200 } })),
  revision: (id: number, version: number) =>
    api.get<{ document: CaseDocument }>('/cases/{id}/revisions/{version}', { path: { id, version }, ...exact }),
}

export const text = {
  dump: (document: unknown) => api.post<{ text: string }>('/yaml/dump', { body: { document } }),
  parse: (source: string, signal?: AbortSignal) => api.post<{ document: unknown }>('/yaml/parse', { body: { text: source }, signal, ...exact }),
}

export const environments = {
  list: async (project: number, signal?: AbortSignal) =>
    items(await api.get<Page<Environment> | Environment[]>('/projects/{id}/environments', { path: { id: project }, query: { page_size: 200 }, signal, ...exact })),
  create: (project: number, body: unknown) => api.post<Environment>('/projects/{id}/environments', { path: { id: project }, body, ...exact }),
  change: (id: number, body: unknown) => api.patch<Environment>('/environments/{id}', { path: { id }, body, ...exact }),
  uses: (id: number, signal?: AbortSignal) => api.get<EnvironmentUses>('/environments/{id}/uses', { path: { id }, signal }),
  remove: (id: number) => api.delete('/environments/{id}', { path: { id } }),
  restore: (id: number) => api.post('/environments/{id}/restore', { path: { id } }),
}

export const functions = {
  get: (project: number, signal?: AbortSignal) => api.get<Functions>('/projects/{id}/functions', { path: { id: project }, signal }),
  save: (project: number, source: string, version: number) =>
    api.put<Functions>('/projects/{id}/functions', { path: { id: project }, body: { source, version } }),
  judge: (project: number, verdict: { version: number; approved: boolean; note: string }) =>
    api.post<Functions>('/projects/{id}/functions/review', { path: { id: project }, body: verdict }),
  rules: (project: number) => api.get<{ waits: boolean }>('/projects/{id}/functions/rules', { path: { id: project } }),
  check: (project: number, source: string, signal?: AbortSignal) =>
    api.post<Pick<Functions, 'functions' | 'errors'>>('/projects/{id}/functions/check', { path: { id: project }, body: { source }, signal }),
  callers: async (project: number, signal?: AbortSignal) =>
    items(await api.get<Page<FunctionCallers>>('/projects/{id}/functions/callers', { path: { id: project }, signal })),
  revisions: async (project: number) =>
    items(await api.get<Page<Revision>>('/projects/{id}/functions/revisions', { path: { id: project }, query: { page_size: 200 } })),
  revision: async (project: number, version: number) =>
    (await api.get<{ source: string }>('/projects/{id}/functions/revisions/{version}', { path: { id: project, version } })).source,
}

export const runs = {
  start: (project: number, body: RunRequest) => api.post<Run>('/projects/{id}/runs', { path: { id: project }, body }),
  get: (id: number, signal?: AbortSignal) => api.get<Run>('/runs/{id}', { path: { id }, signal }),
  delta: (id: number, after: number | string, signal?: AbortSignal) =>
    api.get<Delta>('/runs/{id}/delta', { path: { id }, query: { after }, signal }),
  detail: (id: number, caseRun: number, signal?: AbortSignal) =>
    api.get<CaseResult>('/runs/{id}/cases/{case}', { path: { id, case: caseRun }, signal, parse: readDetail }),
  cancel: (id: number) => api.post('/runs/{id}/cancel', { path: { id } }),
}

export function importFiles(project: number, files: readonly { file: File; path: string }[], module?: number): Promise<ImportReport> {
  const form = new FormData()
  for (const { file, path } of files) {
    form.append('files', file, file.name)
    // Folders are stripped from the names of uploaded files, so the path goes beside the file.
    form.append('paths', path)
  }
  if (module !== undefined) form.append('module_id', String(module))
  return api.post<ImportReport>('/projects/{id}/import', { path: { id: project }, body: form })
}

export const project = (id: number, signal?: AbortSignal) => api.get<Project>('/projects/{id}', { path: { id }, signal })
