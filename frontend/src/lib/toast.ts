// Short messages at the bottom right; errors stay until closed.
import { shallowReactive } from 'vue'
import { ApiError } from '@/api/client'
import { i18n } from '@/i18n'

export interface Toast {
  id: number
  kind: 'success' | 'note' | 'error'
  message: string
  details: string
  action?: { label: string; run: () => unknown }
}

export const toasts = shallowReactive<Toast[]>([])

const SHOWN_MS = 5000
const UNDO_MS = 10_000
let counter = 0

function add(toast: Omit<Toast, 'id'>, shownMs: number): number {
  const id = ++counter
  toasts.push({ id, ...toast })
  if (toasts.length > 5) toasts.shift()
  if (shownMs) setTimeout(() => closeToast(id), shownMs)
  return id
}

export function closeToast(id: number): void {
  const index = toasts.findIndex((toast) => toast.id === id)
  if (index >= 0) toasts.splice(index, 1)
}

/** The sentence for an error, in the reader's language where the code is known. */
export function errorText(error: unknown): string {
  const { t, te } = i18n.global
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
  const key = `errors.${error.code}`
  return te(key) ? t(key) : error.message
}

function errorDetails(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? (error.stack ?? '') : ''
  const lines = [
    errorText(error) === error.message ? '' : error.message,
    ...error.errors.map((item) => [item.path, item.message, item.hint].filter(Boolean).join(': ')),
    error.requestId && i18n.global.t('app.requestId', { id: error.requestId }),
  ]
  return lines.filter(Boolean).join('\n')
}

export const toast = {
  success: (message: string) => add({ kind: 'success', message, details: '' }, SHOWN_MS),
  note: (message: string, action?: Toast['action']) =>
    add({ kind: 'note', message, details: '', action }, action ? UNDO_MS : SHOWN_MS),
  /** "Deleted." with an Undo button. */
  undo: (message: string, run: () => unknown) =>
    add({ kind: 'success', message, details: '', action: { label: i18n.global.t('app.undo'), run } }, UNDO_MS),
  /** Stays until closed; shows details and the request id. */
  error: (error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') return 0
    if (error instanceof ApiError && error.status === 401) return 0
    return add({ kind: 'error', message: errorText(error), details: errorDetails(error) }, 0)
  },
}
