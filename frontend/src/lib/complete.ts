/** Variables and functions in texts: the pieces of a text for colouring, and what may be completed at a place. */

export interface KnownName {
  name: string
  kind: 'variable' | 'function'
  /** Where it comes from, already worded for the reader. */
  origin: string
  /** Arguments of a function, such as `(user, expires=60)`. */
  detail?: string
  /** Its docstring or present value. */
  info?: string
  /** Known only after the answer is here: in checks and teardown hooks, not in the request. */
  late?: boolean
}

/** A function, so that completion always sees the names of this moment. */
export type Names = () => readonly KnownName[]

export interface Segment {
  text: string
  kind: 'text' | 'variable' | 'function' | 'escape'
  name: string
}

export const NAME_PIECE = /\$\$|\$\{([A-Za-z_]\w*)\(([^{}]*)\)\}|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g

/** A text cut into plain parts, `$name`, `${name}`, `${function(…)}` and `$$`. */
export function segments(text: string): Segment[] {
  const found: Segment[] = []
  let end = 0
  for (const match of text.matchAll(NAME_PIECE)) {
    if (match.index > end) found.push({ text: text.slice(end, match.index), kind: 'text', name: '' })
    const name = match[1] ?? match[3] ?? match[4] ?? ''
    const kind = match[0] === '$$' ? 'escape' : match[1] !== undefined ? 'function' : 'variable'
    found.push({ text: match[0], kind, name })
    end = match.index + match[0].length
  }
  if (end < text.length) found.push({ text: text.slice(end), kind: 'text', name: '' })
  return found
}

/** Names of variables used in arguments as well: `${sign($token)}` uses `token`. */
export function usedVariables(text: string): string[] {
  return [...text.matchAll(/(?<!\$)(?:\$\$)*\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g)].map((match) => match[1] ?? match[2]!)
}

/** The names that hold what was typed; those that begin with it come first. */
export function offered(names: readonly KnownName[], typed: string): KnownName[] {
  const wanted = typed.toLowerCase()
  const fitting = names.filter((name) => name.name.toLowerCase().includes(wanted))
  const begins = (name: KnownName): boolean => name.name.toLowerCase().startsWith(wanted)
  return [...fitting.filter(begins), ...fitting.filter((name) => !begins(name))]
}

export interface Place {
  from: number
  to: number
  /** What was typed after the dollar. */
  typed: string
  /** A brace was opened, so a function may follow; the closing brace may already be there. */
  braced: boolean
}

/** The place before `at` where a name is being typed: after `$` or `${`, or nothing. */
export function placeAt(text: string, at: number): Place | undefined {
  const before = /(\$+)(\{?)(\w*)$/.exec(text.slice(0, at))
  if (!before || before[1]!.length % 2 === 0) return undefined
  const braced = before[2] === '{'
  const after = braced ? /^\w*(\([^{}]*\))?\}?/.exec(text.slice(at)) : /^\w*/.exec(text.slice(at))
  const from = at - before[3]!.length - before[2]!.length - 1
  return { from, to: at + (after?.[0].length ?? 0), typed: before[3]!, braced }
}

/** A place inside the parentheses of a call, where a variable or another argument is typed. */
export function insertion(name: KnownName): { text: string; caret: number } {
  if (name.kind === 'variable') return { text: '$' + name.name, caret: name.name.length + 1 }
  const text = '${' + name.name + '()}'
  const takes = name.detail !== undefined && name.detail !== '' && name.detail !== '()'
  return { text, caret: takes ? text.length - 2 : text.length }
}

/** A variable followed by a letter needs braces to end there. */
export function bracedIfNeeded(inserted: string, following: string): string {
  return /^\w/.test(following) && /^\$\w+$/.test(inserted) ? '${' + inserted.slice(1) + '}' : inserted
}

export interface Origins {
  config: string
  environment: (name: string) => string
  step: string
  group: (group: string) => string
  loop: string
  extracted: (step: string) => string
  parameters: string
  project: string
  builtin: string
}

export const BUILT_IN_FUNCTIONS: readonly { name: string; detail: string }[] = [
  { name: 'gen_random_string', detail: '(length)' },
  { name: 'get_timestamp', detail: '(digits=13)' },
  { name: 'get_current_date', detail: '(format="%Y-%m-%d")' },
  { name: 'sleep', detail: '(seconds)' },
  { name: 'ENV', detail: '(name)' },
  { name: 'environ', detail: '(name)' },
  { name: 'P', detail: '(file)' },
  { name: 'parameterize', detail: '(file)' },
  { name: 'multipart_encoder', detail: '(fields)' },
  { name: 'multipart_content_type', detail: '(encoder)' },
]

export const HEADER_NAMES: readonly string[] = [
  'Accept', 'Accept-Charset', 'Accept-Encoding', 'Accept-Language', 'Authorization', 'Cache-Control', 'Connection',
  'Content-Disposition', 'Content-Encoding', 'Content-Language', 'Content-Length', 'Content-Type', 'Cookie', 'Date', 'ETag',
  'Expect', 'Forwarded', 'From', 'Host', 'Idempotency-Key', 'If-Match', 'If-Modified-Since', 'If-None-Match',
  'If-Unmodified-Since', 'Origin', 'Pragma', 'Range', 'Referer', 'Sec-Fetch-Mode', 'TE', 'Traceparent', 'Transfer-Encoding',
  'Upgrade', 'User-Agent', 'Via', 'X-API-Key', 'X-Correlation-ID', 'X-CSRF-Token', 'X-Forwarded-For', 'X-Forwarded-Host',
  'X-Forwarded-Proto', 'X-Request-ID', 'X-Requested-With',
]

export const CONTENT_TYPES: readonly string[] = [
  'application/json', 'application/x-www-form-urlencoded', 'application/xml', 'application/graphql', 'application/octet-stream',
  'multipart/form-data', 'text/plain', 'text/html', 'text/xml', 'text/csv',
]
