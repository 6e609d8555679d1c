// The English words of the shell and its pages.
import { byArea } from './area'

export default byArea(
  import.meta.glob<object>(['./en/*.json', '!./en/{editor,report,functions,environments,imports,files,view,compare,edits,suites,schedules,settings,audit,users,system,me,projects}.json'], {
    eager: true,
    import: 'default',
  }),
)
