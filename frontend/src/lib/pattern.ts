/** A regular expression for a value that will not be the same next time: its digits may differ, its shape not. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A last dollar stands for itself in a check; those of the value are doubled, or they would begin a name. */
export function patternOf(text: string): string {
  if (UUID.test(text)) return '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
  if (/^[0-9a-f]{16,}$/i.test(text)) return `^[0-9a-fA-F]{${text.length}}$`
  if (!/\d/.test(text)) return '^.+$'
  return `^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\$/g, '$$$$').replace(/\d+/g, '\\d+')}$`
}
