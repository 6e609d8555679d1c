/** Calls about the files of a project: data, uploads and modules beside debugtalk.py. */
import { api } from './client'
import type { Page, ProjectFile, ProjectFileText } from './types'

export const files = {
  list: (project: number, signal?: AbortSignal) =>
    api.get<Page<ProjectFile>>('/projects/{id}/files', { path: { id: project }, query: { page_size: 500 }, signal }),
  upload: (project: number, chosen: readonly { file: File; path: string }[], replace: boolean) => {
    const form = new FormData()
    for (const { file, path } of chosen) {
      form.append('files', file, file.name)
      // Folders are stripped from the names of uploaded files, so the path goes beside the file.
      form.append('paths', path)
    }
    form.append('replace', String(replace))
    return api.post<{ items: ProjectFile[] }>('/projects/{id}/files', { path: { id: project }, body: form })
  },
  get: (id: number) => api.get<ProjectFileText>('/files/{id}', { path: { id } }),
  change: (id: number, body: { version: number; path?: string; text?: string }) =>
    api.patch<ProjectFileText>('/files/{id}', { path: { id }, body }),
  remove: (id: number) => api.delete('/files/{id}', { path: { id } }),
  restore: (id: number) => api.post('/files/{id}/restore', { path: { id } }),
  /** Where a link downloads it from. */
  address: (id: number) => `/api/v1/files/${id}/content`,
}
