/** The `auth` of a request between its stored shapes and the fields of the form. */

import { isMap } from './json'
import { valueText } from './values'

export const AUTH_KINDS = ['none', 'basic', 'digest', 'bearer'] as const
export type AuthKind = (typeof AUTH_KINDS)[number] | 'other'

export interface Auth {
  kind: AuthKind
  username: string
  password: string
  token: string
}

/** A map with `type`, or a list of user and password as HttpRunner writes it; anything else is left alone. */
export function authOf(value: unknown): Auth {
  const none: Auth = { kind: 'none', username: '', password: '', token: '' }
  if (value === undefined || value === null || value === '') return none
  if (Array.isArray(value) && value.length === 2) return { ...none, kind: 'basic', username: valueText(value[0]), password: valueText(value[1]) }
  if (!isMap(value)) return { ...none, kind: 'other' }
  const kind = valueText(value.type ?? value.kind ?? 'basic')
  if (kind !== 'basic' && kind !== 'digest' && kind !== 'bearer') return { ...none, kind: 'other' }
  return { kind, username: valueText(value.username ?? value.user), password: valueText(value.password), token: valueText(value.token) }
}

export function writeAuth(auth: Auth): unknown {
  if (auth.kind === 'none' || auth.kind === 'other') return undefined
  if (auth.kind === 'bearer') return { type: 'bearer', token: auth.token }
  return { type: auth.kind, username: auth.username, password: auth.password }
}
