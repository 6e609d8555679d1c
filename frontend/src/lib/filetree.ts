/** The files of a project as a tree of folders, debugtalk.py on top. */

import type { ProjectFile } from '@/api/types'

export interface FileNode {
  /** The path; folders end with a slash. */
  id: string
  label: string
  file?: ProjectFile
  children?: FileNode[]
  renamable?: boolean
}

export const SOURCE = 'debugtalk.py'

export function fileTree(files: readonly ProjectFile[], search: string, readonly: boolean): FileNode[] {
  const wanted = search.trim().toLowerCase()
  const root: FileNode[] = []
  const folders = new Map<string, FileNode[]>([['', root]])
  const folder = (path: string): FileNode[] => {
    const known = folders.get(path)
    if (known) return known
    const cut = path.lastIndexOf('/', path.length - 2) + 1
    const children: FileNode[] = []
    folder(path.slice(0, cut)).push({ id: path, label: path.slice(cut, -1), children })
    folders.set(path, children)
    return children
  }
  for (const file of files) {
    if (!file.path.toLowerCase().includes(wanted)) continue
    const cut = file.path.lastIndexOf('/') + 1
    folder(file.path.slice(0, cut)).push({ id: file.path, label: file.path.slice(cut), file, renamable: !readonly })
  }
  for (const children of folders.values()) children.sort((a, b) => Number(!a.children) - Number(!b.children) || a.label.localeCompare(b.label))
  return [...(SOURCE.includes(wanted) ? [{ id: SOURCE, label: SOURCE }] : []), ...root]
}

/** Ids of all folders. */
export function foldersOf(nodes: readonly FileNode[]): string[] {
  return nodes.flatMap((node) => (node.children ? [node.id, ...foldersOf(node.children)] : []))
}

/** The folders around a path. */
export function foldersAround(path: string): string[] {
  return [...path.matchAll(/\//g)].map((slash) => path.slice(0, slash.index + 1))
}
