// What an entry of the audit log says, as a sentence.
import type { AuditEntry } from '@/api/types'

type Translate = (key: string, values?: Record<string, unknown>) => string

export const ACTIONS = [
  'create', 'change', 'delete', 'restore', 'move', 'tag', 'untag', 'import', 'install', 'start', 'cancel',
  'sign_in', 'sign_in_failed', 'sign_out', 'end_sessions', 'revoke', 'accept', 'link', 'unlink', 'purge',
] // prettier-ignore
export const OBJECTS = [
  'project', 'member', 'module', 'case', 'suite', 'environment', 'functions', 'file', 'run', 'schedule', 'limits',
  'targetrules', 'functionrules', 'user', 'token', 'invitation', 'sharelink', 'channel', 'audit',
] // prettier-ignore

/** Deeds that read better in words of their own. */
const SPECIAL = ['create_member', 'change_member', 'delete_member', 'create_sharelink', 'delete_sharelink', 'install_functionrules'] // prettier-ignore
const ALONE = ['sign_in', 'sign_in_failed', 'sign_out', 'end_sessions', 'accept', 'link', 'unlink']

export function sentence(entry: AuditEntry, t: Translate): string {
  const { action, noun, object_name: name } = entry
  const both = `${action}_${noun}`
  if (SPECIAL.includes(both)) return t(`audit.special.${both}`, { name })
  if (action === 'sign_in_failed' && !name) return t('audit.did.sign_in_unknown')
  if (ALONE.includes(action)) return t(`audit.did.${action}`, { name })
  const thing = OBJECTS.includes(noun) ? t(`audit.thing.${noun}`, { name }) : name
  return ACTIONS.includes(action) ? t(`audit.did.${action}`, { thing }) : `${action} ${thing}`
}

/** Who did it; a failed sign-in is nobody's, and without a person HAT itself acts. */
export function doer(entry: AuditEntry, t: Translate): string {
  if (entry.user_name) return entry.user_name
  return entry.action === 'sign_in_failed' ? t('audit.somebody') : 'HAT'
}
