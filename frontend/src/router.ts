// Every page and its address.
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { loadSession, setupRequired, user } from './api/session'
import { loadMoreWords, loadWorkWords } from './i18n'
import { safeNext } from './lib/next'

const pages = import.meta.glob<{ default: object }>('./pages/*Page.vue')

function page(name: string) {
  return pages[`./pages/${name}.vue`] ?? (() => import('./pages/NotFoundPage.vue'))
}

const routes: RouteRecordRaw[] = [
  { path: '/setup', name: 'setup', component: page('SetupPage'), meta: { open: true } },
  { path: '/login', name: 'login', component: page('LoginPage'), meta: { open: true } },
  { path: '/invite', name: 'invite', component: page('InvitePage'), meta: { open: true } },
  { path: '/shared', name: 'shared', component: page('SharedPage'), meta: { open: true } },
  { path: '/', name: 'dashboard', component: page('DashboardPage') },
  { path: '/projects', name: 'projects', component: page('ProjectsPage') },
  { path: '/p/:project(\\d+)', redirect: (to) => ({ name: 'cases', params: to.params }) },
  { path: '/p/:project(\\d+)/cases', name: 'cases', component: page('CasesPage') },
  { path: '/p/:project(\\d+)/cases/:case(\\d+)', name: 'case', component: page('CasePage') },
  { path: '/p/:project(\\d+)/suites', name: 'suites', component: page('SuitesPage') },
  { path: '/p/:project(\\d+)/import', name: 'import', component: page('ImportPage') },
  { path: '/p/:project(\\d+)/environments', name: 'environments', component: page('EnvironmentsPage') },
  { path: '/p/:project(\\d+)/functions', name: 'functions', component: page('FunctionsPage') },
  { path: '/p/:project(\\d+)/runs', name: 'runs', component: page('RunsPage') },
  { path: '/p/:project(\\d+)/schedules', name: 'schedules', component: page('SchedulesPage') },
  { path: '/p/:project(\\d+)/settings', name: 'settings', component: page('SettingsPage') },
  { path: '/p/:project(\\d+)/deleted', name: 'deleted', component: page('DeletedPage') },
  { path: '/projects/deleted', name: 'deleted-projects', component: page('DeletedPage') },
  { path: '/runs', name: 'all-runs', component: page('RunsPage') },
  { path: '/runs/:id(\\d+)', name: 'run', component: page('RunPage') },
  { path: '/runs/:id(\\d+)/since/:before(\\d+)', name: 'compare', component: page('ComparePage') },
  { path: '/users', name: 'users', component: page('UsersPage'), meta: { admin: true } },
  { path: '/p/:project(\\d+)/audit', name: 'project-audit', component: page('AuditPage') },
  { path: '/audit', name: 'audit', component: page('AuditPage'), meta: { admin: true } },
  { path: '/system', name: 'system', component: page('SystemPage'), meta: { admin: true } },
  { path: '/me', name: 'me', component: page('MePage') },
  { path: '/:rest(.*)*', name: 'not-found', component: page('NotFoundPage') },
]

export const router = createRouter({
  history: createWebHistory('/'),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to: RouteLocationNormalized) => {
  await loadSession().catch(() => undefined)
  if (setupRequired.value) return to.name === 'setup' ? true : { name: 'setup' }
  if (to.name === 'setup') return { name: 'dashboard' }
  if (!user.value) return to.meta.open ? true : { name: 'login', query: { next: to.fullPath } }
  if (to.name === 'login') return safeNext(to.query.next)
  if (to.meta.admin && !user.value.is_admin) return { name: 'dashboard' }
  return true
})

// Pages of the shell do without the words of the others, so that the first page comes sooner.
const SHELL = ['setup', 'login', 'invite', 'dashboard', 'cases', 'not-found']
const SELDOM = ['me', 'projects', 'schedules', 'suites', 'users', 'audit', 'project-audit', 'deleted', 'deleted-projects', 'system', 'settings']

router.beforeResolve(async (to) => {
  const name = String(to.name)
  if (SELDOM.includes(name)) await loadMoreWords()
  else if (!SHELL.includes(name)) await loadWorkWords()
})

// Their dialogs may need the others, so these follow once the page is there.
router.afterEach((to) => {
  if (user.value && !to.meta.open) void loadWorkWords()
})

declare module 'vue-router' {
  interface RouteMeta {
    /** Needs no one to be signed in. */
    open?: boolean
    /** Only for administrators. */
    admin?: boolean
  }
}
