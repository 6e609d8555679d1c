/** Unsaved work kept in this browser: written while typing, offered again when the page opens, gone after saving. */

import { parseJson, toJson } from './json'

export interface Draft<T> {
  at: number
  /** The version the work began from. */
  version: number
  content: T
}

const PREFIX = 'hat.draft.'
const KEEP_MS = 14 * 24 * 3600 * 1000

export function readDraft<T>(name: string, store: Storage = localStorage): Draft<T> | undefined {
  const text = store.getItem(PREFIX + name)
  if (!text) return undefined
  try {
    const draft = parseJson(text) as Draft<T>
    return typeof draft.at === 'number' && typeof draft.version === 'number' ? draft : undefined
  } catch {
    return undefined
  }
}

/** Whether it could be kept: a full or forbidden store must never stop the work itself. */
export function writeDraft(name: string, version: number, content: unknown, store: Storage = localStorage): boolean {
  try {
    store.setItem(PREFIX + name, toJson({ at: Date.now(), version, content }))
    return true
  } catch {
    return false
  }
}

export function dropDraft(name: string, store: Storage = localStorage): void {
  store.removeItem(PREFIX + name)
}

/** Forget drafts nobody came back for. */
export function sweepDrafts(now: number, store: Storage = localStorage): void {
  for (const key of Object.keys(store).filter((one) => one.startsWith(PREFIX))) {
    const draft = readDraft(key.slice(PREFIX.length), store)
    if (!draft || now - draft.at > KEEP_MS) store.removeItem(key)
  }
}
