// Who is signed in, kept once for the whole application.
import { computed, shallowRef } from 'vue'
import { api, setCsrfToken } from './client'
import type { Session, User } from './types'

const session = shallowRef<Session | null>(null)

export const user = computed<User | null>(() => session.value?.user ?? null)
export const version = computed(() => session.value?.version ?? '')
/** Setting up from another machine needs the token the server printed. */
export const setupTokenRequired = computed(() => session.value?.setup_token_required ?? false)
/** A server where nobody has decided yet whether tests may reach private networks. */
export const setupAsksTargets = computed(() => session.value?.setup_asks_targets ?? false)
/** Whether HAT came with the demo project. */
export const demoAvailable = computed(() => session.value?.demo_available ?? false)
/** The name of the OpenID provider, empty when it has none; null when there is no provider. */
export const provider = computed(() => session.value?.oidc ?? null)
export const setupRequired = computed(() => session.value?.setup_required ?? false)

function keep(value: Session): Session {
  session.value = value
  setCsrfToken(value.csrf_token)
  return value
}

/** The session, asked from the server once. */
export async function loadSession(again = false): Promise<Session> {
  if (session.value && !again) return session.value
  return keep(await api.get<Session>('/session'))
}

export async function signIn(username: string, password: string): Promise<void> {
  await api.post('/session', { body: { username, password } })
  await loadSession(true)
}

/** Ends the session; whoever calls it leaves the page next, so nothing on it is drawn again. */
export async function signOut(): Promise<void> {
  await api.delete('/session')
}

/** Forgets the user without asking the server: its answer was 401. */
export function forgetUser(): void {
  if (session.value) session.value = { ...session.value, user: null }
}

type Own = Partial<Pick<User, 'name' | 'language' | 'theme' | 'grid'>>

/** Shown at once, and as before when the server refuses. */
export async function changeMe(changes: Own): Promise<void> {
  const before = user.value
  show(changes)
  try {
    await api.patch('/me', { body: changes })
  } catch (problem) {
    if (before) show(Object.fromEntries(Object.keys(changes).map((key) => [key, before[key as keyof Own]])))
    throw problem
  }
}

function show(changes: Own): void {
  if (session.value?.user) session.value = { ...session.value, user: { ...session.value.user, ...changes } }
}
