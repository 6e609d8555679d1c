// Where to go after signing in.

/** Only an address of our own, and never the sign-in page itself. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/'
}
