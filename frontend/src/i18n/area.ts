// Catalogue files by area: the name of a file is the first word of its keys.

export function byArea(files: Record<string, object>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(files).map(([path, words]) => [path.replace(/^.*\/(\w+)\.json$/, '$1'), words]),
  )
}
