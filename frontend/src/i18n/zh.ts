// The Chinese words of the shell and its pages.
import { byArea } from './area'

export default byArea(
  import.meta.glob<object>(['./zh/*.json', '!./zh/{editor,report,functions,environments,imports,files,view,compare,edits,suites,schedules,settings,audit,users,system,me,projects}.json'], {
    eager: true,
    import: 'default',
  }),
)
