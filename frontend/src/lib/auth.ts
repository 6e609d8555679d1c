/** An `auth` between its stored shapes and the fields of the form. */

import { isMap } from './json'
import { valueText } from './values'

export interface AuthField {
  name: string
  secret?: boolean
  choices?: readonly string[]
  optional?: boolean
}

const USER: AuthField[] = [{ name: 'username' }, { name: 'password', secret: true }]

/** The fields of each type in the order of the form; the first choice is what counts when none is written. */
export const AUTH_FIELDS: Record<string, readonly AuthField[]> = {
  none: [],
  basic: USER,
  digest: USER,
  bearer: [{ name: 'token', secret: true }],
  api_key: [{ name: 'name' }, { name: 'value', secret: true }, { name: 'in', choices: ['header', 'query', 'cookie'] }],
  oauth2: [
    { name: 'grant', choices: ['client_credentials', 'password', 'refresh_token'] }, { name: 'token_url' }, { name: 'client_id' },
    { name: 'client_secret', secret: true }, { name: 'client_auth', choices: ['header', 'body'] }, { name: 'scope', optional: true },
    { name: 'audience', optional: true }, ...USER, { name: 'refresh_token', secret: true },
  ],
  certificate: [{ name: 'cert' }, { name: 'key', optional: true }, { name: 'password', secret: true, optional: true }],
}
export const AUTH_KINDS = Object.keys(AUTH_FIELDS)

export interface Auth {
  /** `inherit` when nothing is written, `other` for what only YAML can show. */
  kind: string
  values: Record<string, string>
}

/** A map with `type`, or a list of user and password as HttpRunner writes it; anything else is left alone. */
export function authOf(value: unknown): Auth {
  if (value === undefined || value === null || value === '') return { kind: 'inherit', values: {} }
  if (value === 'none' || value === false) return { kind: 'none', values: {} }
  if (Array.isArray(value) && value.length === 2 && !value.some(isMap)) return { kind: 'basic', values: { username: valueText(value[0]), password: valueText(value[1]) } }
  if (!isMap(value)) return { kind: 'other', values: {} }
  if (Object.keys(value).length === 0) return { kind: 'inherit', values: {} }
  const { type, kind, user, ...rest } = value
  const name = valueText(type ?? kind ?? 'basic')
  if (!(name in AUTH_FIELDS)) return { kind: 'other', values: {} }
  if (user !== undefined && rest.username === undefined) rest.username = user
  return { kind: name, values: Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, valueText(one)])) }
}

/** The fields a form shows: those of a grant that is not chosen are left out. */
export function fieldsOf(auth: Auth): readonly AuthField[] {
  const grant = auth.values.grant || 'client_credentials'
  return (AUTH_FIELDS[auth.kind] ?? []).filter(({ name }) => {
    if (auth.kind !== 'oauth2') return true
    if (name === 'username' || name === 'password') return grant === 'password'
    return name !== 'refresh_token' || grant === 'refresh_token'
  })
}

export function writeAuth(auth: Auth): unknown {
  if (auth.kind === 'inherit' || auth.kind === 'other') return undefined
  if (auth.kind === 'none') return 'none'
  const written = fieldsOf(auth).map(({ name, choices }) => [name, auth.values[name] || (choices ? choices[0] : '')] as const)
  return { type: auth.kind, ...Object.fromEntries(written.filter(([name, value]) => value !== '' || AUTH_FIELDS[auth.kind]!.some((one) => one.name === name && !one.optional))) }
}
