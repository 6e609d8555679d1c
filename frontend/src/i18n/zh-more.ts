// The Chinese words of schedules, projects and administration: they come with the first of these pages.
import { byArea } from './area'

export default byArea(import.meta.glob<object>('./zh/{audit,deleted,users,system,settings,schedules,edits,suites,me,projects}.json', { eager: true, import: 'default' }))
