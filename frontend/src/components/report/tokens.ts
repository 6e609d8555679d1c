/** Colours for JSON text without an editor. */

export interface Token {
  kind: '' | 'key' | 'string' | 'number' | 'keyword'
  text: string
}

const PART = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g

export function tokens(json: string): Token[] {
  const found: Token[] = []
  let end = 0
  for (const match of json.matchAll(PART)) {
    if (match.index > end) found.push({ kind: '', text: json.slice(end, match.index) })
    if (match[1] !== undefined) {
      found.push({ kind: match[2] === undefined ? 'string' : 'key', text: match[1] })
      if (match[2] !== undefined) found.push({ kind: '', text: match[2] })
    } else {
      found.push({ kind: match[3] === undefined ? 'keyword' : 'number', text: match[0] })
    }
    end = match.index + match[0].length
  }
  if (end < json.length) found.push({ kind: '', text: json.slice(end) })
  return found
}
