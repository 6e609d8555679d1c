/** Files a person chose or dropped, with their path inside the folder. */

export interface ChosenFile {
  file: File
  path: string
}

const USELESS = /(^|\/)(__MACOSX|node_modules|venv|__pycache__|logs|reports)\/|(^|\/)\.(?!env$)|\.pyc$/i

/** Cases, functions, .env and the files they read; not what is hidden or what tools leave in a folder. */
export function worthSending(path: string): boolean {
  return !USELESS.test(path)
}

/** A pasted text as a file, its name ending as what the text looks like: cURL commands, JSON or YAML. */
export function pastedFile(text: string): ChosenFile {
  const isCurl = /^\s*(\$\s+)?curl(\.exe)?\s/m.test(text)
  const name = `pasted.${isCurl ? 'curl' : /^\s*[[{]/.test(text) ? 'json' : 'yml'}`
  return { file: new File([text], name), path: name }
}

export function chosenFiles(list: FileList | null): ChosenFile[] {
  return [...(list ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }))
}

export async function droppedFiles(transfer: DataTransfer): Promise<ChosenFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return chosenFiles(transfer.files)
  return (await Promise.all(entries.map((entry) => filesOf(entry)))).flat()
}

async function filesOf(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ file, path: entry.fullPath.replace(/^\//, '') }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: ChosenFile[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (part.length === 0) return found
    found.push(...(await Promise.all(part.map(filesOf))).flat())
  }
}
