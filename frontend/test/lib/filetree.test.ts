import { describe, expect, it } from 'vitest'
import type { ProjectFile } from '../../src/api/types'
import { fileTree, foldersAround, foldersOf, type FileNode } from '../../src/lib/filetree'

const files = ['users/accounts.csv', 'top.json', 'users/more/names.txt', 'lib/words.py'].map((path, id) => ({ id, path }) as ProjectFile)
const drawn = (nodes: readonly FileNode[], depth = 0): string[] => nodes.flatMap((node) => [' '.repeat(depth) + node.label, ...drawn(node.children ?? [], depth + 1)])

describe('the files of a project', () => {
  it('are a tree: debugtalk.py, folders, files', () => {
    expect(drawn(fileTree(files, '', false))).toEqual(['debugtalk.py', 'lib', ' words.py', 'users', ' more', '  names.txt', ' accounts.csv', 'top.json'])
  })

  it('are searched by their whole path', () => {
    expect(drawn(fileTree(files, 'MORE', false))).toEqual(['users', ' more', '  names.txt'])
  })

  it('tell their folders', () => {
    expect(foldersOf(fileTree(files, '', false))).toEqual(['lib/', 'users/', 'users/more/'])
    expect(foldersAround('users/more/names.txt')).toEqual(['users/', 'users/more/'])
  })
})
