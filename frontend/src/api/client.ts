// The one door to the API: typed calls, one error class, the CSRF header.
import createClient, { type Client } from 'openapi-fetch'
import { translated } from './refusal'
import type { paths } from './schema'
import type { ErrorItem } from './types'

/** Everything the API can refuse with; `status` 0 means the server was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: ErrorItem[] = [],
    readonly requestId = '',
    readonly body: Record<string, unknown> = {},
  ) {
    super(message)
    this.name = 'ApiError'
  }

  /** The messages by field, for a form. */
  get fields(): Record<string, string> {
    return Object.fromEntries(this.errors.map((item) => [item.path, item.message]))
  }
}

/** The refusal of a form that was not filled in, made before asking the server. */
export function requiredFields(names: readonly string[], message: string): ApiError {
  const errors = names.map((path) => ({ path, message }))
  return new ApiError(422, 'invalid', message, errors)
}

export interface CallOptions {
  path?: Record<string, string | number>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
  headers?: Record<string, string>
  /** Reads the text of the answer instead of JSON.parse. */
  parse?: (text: string) => unknown
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** `/runs/{pk}/delta` as any text of that form, whatever the parameter is called. */
type Form<P extends string> = P extends `${infer Head}{${string}}${infer Tail}` ? `${Head}{${string}}${Form<Tail>}` : P
/** The addresses of the API that know a method. */
type Address<M extends Method> = {
  [P in keyof paths & string]: paths[P] extends Record<M, object>
    ? P extends `/api/v1${infer Rest}` ? Form<Rest> : never
    : never
}[keyof paths & string]

type AnyPaths = Record<string, Record<Method, never>>

const client: Client<AnyPaths> = createClient<AnyPaths>({
  baseUrl: '/api/v1',
  // Looked up at each call, so that the single-file report can supply its own answers.
  fetch: (request) => globalThis.fetch(request),
  credentials: 'same-origin',
  querySerializer: { array: { style: 'form', explode: true } },
})

let csrfToken = ''
let onSignedOut: () => void = () => {}

export function setCsrfToken(token: string): void {
  csrfToken = token
}

/** What to do when a call is answered 401. */
export function whenSignedOut(run: () => void): void {
  onSignedOut = run
}

function csrf(): string {
  const cookie = /(?:^|;\s*)(?:hat_)?csrftoken=([^;]+)/.exec(document.cookie)
  return cookie ? decodeURIComponent(cookie[1]) : csrfToken
}

function readable(query: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (!query) return undefined
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  )
}

async function refusal(response: Response, body: unknown): Promise<ApiError> {
  const shape = await translated((typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>)
  return new ApiError(
    response.status,
    String(shape.code ?? (response.status >= 500 ? 'server' : 'refused')),
    String(shape.error ?? `${response.status} ${response.statusText}`),
    (shape.errors as ErrorItem[] | undefined) ?? [],
    String(shape.request_id ?? response.headers.get('x-request-id') ?? ''),
    shape,
  )
}

async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const upload = options.body instanceof FormData
  let answer: { data?: unknown; error?: unknown; response: Response }
  try {
    answer = await client.request(method as never, path as never, {
      params: { path: options.path, query: readable(options.query) },
      body: options.body,
      signal: options.signal,
      headers: { ...options.headers, ...(method === 'get' ? {} : { 'X-CSRFToken': csrf() }) },
      ...(options.parse ? { parseAs: 'text' } : {}),
      ...(upload ? { bodySerializer: (body: unknown) => body } : {}),
    } as never)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    if (error instanceof SyntaxError) throw new ApiError(500, 'server', error.message)
    throw new ApiError(0, 'unreachable', String(error))
  }
  if (answer.response.ok) return (options.parse ? options.parse(String(answer.data)) : answer.data) as T
  const error = await refusal(answer.response, answer.error)
  if (error.status === 401 && !path.startsWith('/session')) onSignedOut()
  throw error
}

export const api = {
  get: <T>(path: Address<'get'>, options?: CallOptions) => call<T>('get', path, options),
  post: <T>(path: Address<'post'>, options?: CallOptions) => call<T>('post', path, options),
  put: <T>(path: Address<'put'>, options?: CallOptions) => call<T>('put', path, options),
  patch: <T>(path: Address<'patch'>, options?: CallOptions) => call<T>('patch', path, options),
  delete: <T = void>(path: Address<'delete'>, options?: CallOptions) => call<T>('delete', path, options),
}
