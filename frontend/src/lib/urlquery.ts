/** The query of a URL, or a form, as names and values; what stands in `${}` is left whole. */

import { mapOf, rowsOf, blankRow, type Json } from './document'

const PART = /(?:\$\{[^}]*\}|[^&])+/g

/** A URL before, in and after its query; the fragment is written with its `#`. */
export function cutQuery(url: string): { before: string; query: string; fragment: string } {
  const hidden = url.replace(/\$\{[^}]*\}/g, (call) => '_'.repeat(call.length))
  const hash = hidden.includes('#') ? hidden.indexOf('#') : url.length
  const mark = hidden.slice(0, hash).indexOf('?')
  if (mark < 0) return { before: url, query: '', fragment: '' }
  return { before: url.slice(0, mark), query: url.slice(mark + 1, hash), fragment: url.slice(hash) }
}

/** Decoded name-value pairs of a query or a form. */
export function pairs(text: string): [string, string][] {
  return (text.match(PART) ?? []).map((part) => {
    const at = part.indexOf('=')
    return at < 0 ? [decoded(part), ''] : [decoded(part.slice(0, at)), decoded(part.slice(at + 1))]
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return text
  }
}

export function queryOf(url: string): [string, string][] {
  return pairs(cutQuery(url).query)
}

/** URL and parameters of a request whose query has become parameters, behind those there are. */
export function movedQuery(url: string, params: unknown): { url: string; params: Json | Json[] } {
  const { before, query, fragment } = cutQuery(url)
  return { url: before + fragment, params: mapOf([...rowsOf(params), ...pairs(query).map(([name, value]) => blankRow(name, value))]) }
}
