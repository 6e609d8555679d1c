/** Files the browser saves. */

/** The mark at the beginning of a CSV file that tells spreadsheets it is UTF-8. */
export const UTF8_MARK = '\uFEFF'

/** Let the browser save a text. */
export function saveFile(name: string, type: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
