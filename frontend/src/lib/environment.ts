/** An environment as its form edits it, and what a save sends: secrets only when they were written anew. */

import type { Environment } from '@/api/types'
import { rowsOf, type Json } from './document'
import { clone } from './json'
import { valueText } from './values'

/** A secret in the form: `value` is null while the stored one stays as it is. */
export interface SecretRow {
  name: string
  value: string | null
}

export interface EnvironmentDraft {
  name: string
  base_id: number | null
  note: string
  base_url: string
  services: unknown
  variables: unknown
  auth: unknown
  secrets: SecretRow[]
  verify: boolean
  label: string
}

export function formOf(environment: Environment): EnvironmentDraft {
  return {
    name: environment.name, base_id: environment.base_id, note: environment.note, base_url: environment.base_url, verify: environment.verify, label: environment.label,
    auth: clone(environment.auth), services: clone(environment.services), variables: clone(environment.variables),
    secrets: Object.keys(environment.secrets).map((name) => ({ name, value: null })),
  }
}

export function changesOf(form: EnvironmentDraft, stored: Environment): Json {
  const kept = new Set(form.secrets.map((one) => one.name))
  const secrets: Json = Object.fromEntries(Object.keys(stored.secrets).filter((name) => !kept.has(name)).map((name) => [name, null]))
  for (const { name, value } of form.secrets) if (name && value !== null) secrets[name] = value
  return {
    name: form.name.trim(), base_id: form.base_id, note: form.note, base_url: form.base_url.trim(), verify: form.verify, label: form.label.trim(), variables: form.variables,
    auth: form.auth === 'none' ? { type: 'none' } : (form.auth ?? {}),
    services: Object.fromEntries(rowsOf(form.services).filter((row) => row.name).map((row) => [row.name, valueText(row.value)])), secrets,
  }
}
