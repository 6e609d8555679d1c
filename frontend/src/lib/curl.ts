/** Read a pasted cURL command into a step's request, and write a request as cURL. */

import { isMap, parseJson, toJson } from './json'
import type { Json } from './document'
import { cutQuery, pairs } from './urlquery'
import { valueText } from './values'

const LONG: Record<string, string> = {
  '-X': '--request', '-H': '--header', '-d': '--data', '-F': '--form', '-u': '--user', '-b': '--cookie', '-A': '--user-agent',
  '-e': '--referer', '-k': '--insecure', '-L': '--location', '-G': '--get', '-I': '--head', '-m': '--max-time', '-x': '--proxy',
  '-o': '--output', '-E': '--cert', '-w': '--write-out', '-T': '--upload-file', '-c': '--cookie-jar', '-r': '--range',
}

const WITH_VALUE = new Set([
  '--request', '--header', '--data', '--data-raw', '--data-binary', '--data-ascii', '--data-urlencode', '--json', '--form',
  '--form-string', '--user', '--cookie', '--user-agent', '--referer', '--max-time', '--connect-timeout', '--proxy', '--output',
  '--cert', '--key', '--cacert', '--url', '--write-out', '--upload-file', '--cookie-jar', '--range', '--retry', '--resolve',
  '--oauth2-bearer', '--max-redirs', '--interface', '--limit-rate',
])

export function isCurl(text: string): boolean {
  return /^\s*(\$\s+)?curl(\.exe)?\s/.test(text)
}

interface Found {
  options: [string, string][]
  urls: string[]
}

/** The request a cURL command would send, or undefined when the text is none. */
export function parseCurl(text: string): Json | undefined {
  if (!isCurl(text)) return undefined
  const words = shellWords(text.replace(/^\s*(\$\s+)?/, '')).slice(1)
  const found = readOptions(words)
  const url = found.urls[0]
  return url === undefined ? undefined : build(url, found.options)
}

function readOptions(words: string[]): Found {
  const found: Found = { options: [], urls: [] }
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!
    if (['|', '>', ';', '&&', '2>', '||'].includes(word)) break
    if (!word.startsWith('-') || word === '-') {
      found.urls.push(word)
      continue
    }
    const [name, joined] = word.startsWith('--') ? [word, undefined] : expandShort(word, found)
    if (!WITH_VALUE.has(name)) {
      found.options.push([name, ''])
      continue
    }
    const value = joined ?? words[(index += 1)] ?? ''
    if (name === '--url') found.urls.push(value)
    else found.options.push([name, value])
  }
  return found
}

/** `-sSLXPOST` is `-s -S -L -X POST`: everything up to the first letter that takes a value. */
function expandShort(word: string, found: Found): [string, string | undefined] {
  for (let index = 1; index < word.length; index += 1) {
    const name = LONG['-' + word[index]] ?? '-' + word[index]
    if (WITH_VALUE.has(name)) return [name, index + 1 < word.length ? word.slice(index + 1) : undefined]
    if (index === word.length - 1) return [name, undefined]
    found.options.push([name, ''])
  }
  return [word, undefined]
}

function build(address: string, options: [string, string][]): Json {
  const all = (...names: string[]): string[] => options.filter(([name]) => names.includes(name)).map(([, value]) => value)
  const has = (name: string): boolean => options.some(([option]) => option === name)
  const headers = readHeaders(options)
  const data = options.flatMap(([name, value]) => readData(name, value))
  const forms = all('--form', '--form-string')
  const { url, params } = splitUrl(address)
  const request: Json = { method: '', url }
  if (has('--get')) params.push(...data.flatMap(pairs))
  if (params.length) request.params = asMap(params)
  if (Object.keys(headers).length) request.headers = headers
  addCookies(request, all('--cookie'), headers)
  if (!has('--get') && data.length) addBody(request, data.join('&'), headers, has('--json'))
  if (forms.length) addForm(request, forms, headers)
  addOptions(request, all, has)
  const sends = data.length > 0 && !has('--get')
  request.method = (all('--request').at(-1) ?? (has('--head') ? 'HEAD' : sends || forms.length ? 'POST' : 'GET')).toUpperCase()
  if (Object.keys(headers).length === 0) delete request.headers
  return request
}

function readHeaders(options: [string, string][]): Record<string, string> {
  const headers: Record<string, string> = {}
  const put = (name: string, value: string): void => {
    const old = Object.keys(headers).find((one) => one.toLowerCase() === name.toLowerCase())
    headers[old ?? name] = value
  }
  for (const [name, value] of options) {
    if (name === '--header') {
      const cut = value.indexOf(':')
      if (cut > 0 && value.slice(cut + 1).trim()) put(value.slice(0, cut).trim(), value.slice(cut + 1).trim())
    } else if (name === '--user-agent') put('User-Agent', value)
    else if (name === '--referer') put('Referer', value)
    else if (name === '--oauth2-bearer') put('Authorization', 'Bearer ' + value)
  }
  return headers
}

function readData(name: string, value: string): string[] {
  if (['--data', '--data-raw', '--data-binary', '--data-ascii', '--json'].includes(name)) return [value]
  if (name !== '--data-urlencode') return []
  const cut = value.indexOf('=')
  if (cut < 0) return [encodeURIComponent(value)]
  return [value.slice(0, cut) + (cut === 0 ? '' : '=') + encodeURIComponent(value.slice(cut + 1))]
}

function splitUrl(address: string): { url: string; params: [string, string][] } {
  const full = /^[a-z][\w+.-]*:\/\//i.test(address) || /^[$/]/.test(address) ? address : 'http://' + address
  const { before, query } = cutQuery(full)
  return { url: before, params: pairs(query) }
}

/** An object, or rows when a name comes twice. */
function asMap(list: [string, string][]): unknown {
  const names = new Set(list.map(([name]) => name))
  if (names.size === list.length) return Object.fromEntries(list)
  return list.map(([name, value]) => ({ name, value }))
}

function addCookies(request: Json, cookies: string[], headers: Record<string, string>): void {
  const header = Object.keys(headers).find((name) => name.toLowerCase() === 'cookie')
  const text = [...cookies.filter((one) => one.includes('=')), ...(header ? [headers[header]!] : [])].join('; ')
  if (header) delete headers[header]
  const found = text.split(';').map((one) => one.trim()).filter(Boolean).map((one): [string, string] => {
    const cut = one.indexOf('=')
    return cut < 0 ? [one, ''] : [one.slice(0, cut), one.slice(cut + 1)]
  })
  if (found.length) request.cookies = Object.fromEntries(found)
}

function addBody(request: Json, body: string, headers: Record<string, string>, isJson: boolean): void {
  const name = Object.keys(headers).find((one) => one.toLowerCase() === 'content-type')
  const type = (name ? headers[name]! : '').toLowerCase()
  if (isJson || type.includes('json') || (!type && /^\s*[[{]/.test(body))) {
    try {
      request.json = parseJson(body)
      if (name && /^application\/json$/.test(type)) delete headers[name]
      return
    } catch {
      // Not JSON after all: the text is sent as it is.
    }
  }
  const form = /^[^=&\s]+=[^&]*(&[^=&\s]+=[^&]*)*$/.test(body) && (!type || type.startsWith('application/x-www-form-urlencoded'))
  if (!form) request.data = body
  else {
    request.data = asMap(pairs(body))
    if (name && type === 'application/x-www-form-urlencoded') delete headers[name]
  }
}

function addForm(request: Json, forms: string[], headers: Record<string, string>): void {
  const upload: Record<string, string> = {}
  for (const form of forms) {
    const cut = form.indexOf('=')
    const value = form.slice(cut + 1)
    if (cut > 0) upload[form.slice(0, cut)] = value.startsWith('@') ? value.slice(1).replace(/;.*$/, '') : value
  }
  request.upload = upload
  const type = Object.keys(headers).find((one) => one.toLowerCase() === 'content-type')
  if (type && headers[type]!.toLowerCase().startsWith('multipart/form-data')) delete headers[type]
}

function addOptions(request: Json, all: (...names: string[]) => string[], has: (name: string) => boolean): void {
  const user = all('--user').at(-1)
  if (user !== undefined) {
    const cut = user.indexOf(':')
    const [name, password] = cut < 0 ? [user, ''] : [user.slice(0, cut), user.slice(cut + 1)]
    request.auth = { type: has('--digest') ? 'digest' : 'basic', username: name, password }
  }
  if (has('--insecure')) request.verify = false
  const timeout = Number(all('--max-time').at(-1))
  if (timeout > 0) request.timeout = timeout
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b' }

/** Words of a command line: single, double and `$'…'` quotes, backslashes, and the caret of Windows. */
export function shellWords(text: string): string[] {
  const source = withoutCarets(text).replace(/[\\`]\r?\n/g, ' ')
  const words: string[] = []
  let word: string | undefined
  let at = 0
  while (at < source.length) {
    const char = source[at]!
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
      at += 1
      continue
    }
    const [piece, next] = shellPiece(source, at)
    word = (word ?? '') + piece
    at = next
  }
  if (word !== undefined) words.push(word)
  return words
}

/** The Windows command line escapes with a caret: `^"a^"` is `"a"`. */
function withoutCarets(text: string): string {
  if (!/\^"|\^\r?\n/.test(text)) return text
  return text.replace(/\^\r?\n/g, ' ').replace(/\^([\s\S])/g, '$1')
}

function shellPiece(source: string, at: number): [string, number] {
  const char = source[at]!
  if (char === "'") {
    const end = source.indexOf("'", at + 1)
    return end < 0 ? [source.slice(at + 1), source.length] : [source.slice(at + 1, end), end + 1]
  }
  if (char === '$' && source[at + 1] === "'") return quoted(source, at + 2, "'", ansiEscape)
  if (char === '"') return quoted(source, at + 1, '"', plainEscape)
  if (char === '\\' && at + 1 < source.length) return [source[at + 1]!, at + 2]
  return [char, at + 1]
}

type Escape = (source: string, at: number) => [string, number]

function quoted(source: string, start: number, quote: string, escape: Escape): [string, number] {
  let piece = ''
  let at = start
  while (at < source.length && source[at] !== quote) {
    if (source[at] === '\\') {
      const [text, next] = escape(source, at + 1)
      piece += text
      at = next
    } else {
      piece += source[at]
      at += 1
    }
  }
  return [piece, at + 1]
}

function plainEscape(source: string, at: number): [string, number] {
  const char = source[at] ?? ''
  return ['"\\$`'.includes(char) ? char : '\\' + char, at + 1]
}

function ansiEscape(source: string, at: number): [string, number] {
  const char = source[at] ?? ''
  const hex = /^(?:x([\da-fA-F]{1,2})|u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8}))/.exec(source.slice(at))
  if (hex) return [String.fromCodePoint(parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16)), at + hex[0].length]
  return [ESCAPES[char] ?? char, at + 1]
}

/** A request as a cURL command for a shell; the base URL is put before a relative URL. */
export function writeCurl(request: Json, baseUrl = ''): string {
  const lines = [`curl -X ${valueText(request.method) || 'GET'} ${quote(withParams(request, baseUrl))}`]
  for (const [name, value] of enabledPairs(request.headers)) lines.push(`-H ${quote(`${name}: ${value}`)}`)
  const cookies = enabledPairs(request.cookies).map(([name, value]) => `${name}=${value}`).join('; ')
  if (cookies) lines.push(`-b ${quote(cookies)}`)
  lines.push(...bodyOptions(request), ...authOptions(request.auth))
  if (request.verify === false) lines.push('-k')
  if (request.allow_redirects !== false) lines.push('-L')
  if (typeof request.timeout === 'number') lines.push(`-m ${request.timeout}`)
  return lines.join(' \\\n  ')
}

function withParams(request: Json, baseUrl: string): string {
  const url = valueText(request.url)
  const absolute = /^[a-z][\w+.-]*:\/\//i.test(url) || url.startsWith('$') || !baseUrl
  const full = absolute ? url : baseUrl.replace(/\/+$/, '') + '/' + url.replace(/^\/+/, '')
  const query = enabledPairs(request.params).map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  return query ? full + (full.includes('?') ? '&' : '?') + query : full
}

/** Percent-encoding that leaves variables and calls readable. */
function encode(text: string): string {
  return text.split(/(\$\{[^}]*\}|\$\w+)/).map((part, index) => (index % 2 ? part : encodeURIComponent(part))).join('')
}

function enabledPairs(map: unknown): [string, string][] {
  if (isMap(map)) return Object.entries(map).map(([name, value]) => [name, valueText(value)])
  if (!Array.isArray(map)) return []
  return map.filter((row) => isMap(row) && row.enabled !== false && row.name)
    .map((row: Json) => [valueText(row.name), valueText(row.value)])
}

function bodyOptions(request: Json): string[] {
  if (request.json !== undefined) return ["-H 'Content-Type: application/json'", `-d ${quote(toJson(request.json))}`]
  if (typeof request.data === 'string') return request.data ? [`--data-raw ${quote(request.data)}`] : []
  const fields = enabledPairs(request.data).map(([name, value]) => `--data-urlencode ${quote(`${name}=${value}`)}`)
  const files = enabledPairs(request.files).map(([name, value]) => `-F ${quote(`${name}=@${value}`)}`)
  const uploads = enabledPairs(request.upload).map(([name, value]) => `-F ${quote(`${name}=${looksLikeFile(value) ? '@' : ''}${value}`)}`)
  return [...fields, ...files, ...uploads]
}

function looksLikeFile(value: string): boolean {
  return /[\w)]\.\w{1,5}$/.test(value) || value.includes('/')
}

function authOptions(auth: unknown): string[] {
  if (!isMap(auth)) return []
  if (auth.type === 'bearer') return [`-H ${quote(`Authorization: Bearer ${valueText(auth.token)}`)}`]
  if (auth.username === undefined) return []
  const digest = auth.type === 'digest' ? '--digest ' : ''
  return [`${digest}-u ${quote(`${valueText(auth.username)}:${valueText(auth.password)}`)}`]
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\\''") + "'"
}
