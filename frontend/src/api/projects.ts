// The projects of the user and the one being worked in.
import { computed, ref, shallowRef } from 'vue'
import { api } from './client'
import type { Page, Project, Role } from './types'

const RANK: Record<Role, number> = { reader: 0, runner: 1, writer: 2, owner: 3 }

export const projects = shallowRef<Project[]>([])
export const projectsLoaded = ref(false)
const currentId = ref<number | null>(remembered())

function remembered(): number | null {
  return Number(localStorage.getItem('hat.project')) || null
}

export async function loadProjects(): Promise<void> {
  const page = await api.get<Page<Project>>('/projects', { query: { page_size: 200, sort: 'name' } })
  projects.value = page.items
  projectsLoaded.value = true
  // Somebody new starts in the first project.
  if (!project.value && page.items.length) workIn(page.items[0].id)
}

/** The project of this page; the pages of a run call it with the project of the run. */
export function workIn(id: number): void {
  if (currentId.value === id) return
  currentId.value = id
  localStorage.setItem('hat.project', String(id))
}

export const project = computed<Project | null>(() => projects.value.find((one) => one.id === currentId.value) ?? null)

/** Whether the user may do in the current project what the role may do. */
export function may(role: Role): boolean {
  return project.value !== null && RANK[project.value.role] >= RANK[role]
}
