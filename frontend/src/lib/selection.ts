/** A regular expression that finds what somebody marked in a text, by what stands before and after it. */

const SHORT = 12
const LONG = 80

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** Digits stay digits; anything else ends at what comes after it. */
function group(marked: string): string {
  if (/^\d+$/.test(marked)) return '(\\d+)'
  return /^\w+$/.test(marked) ? '(\\w+)' : '(.*?)'
}

/**
 * With as little context as makes the first match the marked one, at most to the ends of the line; undefined when
 * no context on the line does, or the mark goes over several lines.
 */
export function selectionRegex(text: string, from: number, to: number): string | undefined {
  const marked = text.slice(from, to)
  if (!marked || /[\r\n]/.test(marked)) return undefined
  const lineStart = Math.max(text.lastIndexOf('\n', from - 1) + 1, from - LONG)
  const lineEnd = text.indexOf('\n', to)
  const after = text.slice(to, Math.min(lineEnd < 0 ? text.length : lineEnd, to + SHORT))
  for (let length = Math.min(SHORT, from - lineStart); length <= from - lineStart; length += 1) {
    const pattern = escape(text.slice(from - length, from)) + group(marked) + escape(after)
    const found = new RegExp(pattern).exec(text)
    if (found?.[1] === marked && found.index + length === from) return pattern
  }
  return undefined
}
