// The English words of the pages one works in: they come with the first of those pages.
import { byArea } from './area'

export default byArea(
  import.meta.glob<object>('./en/{editor,report,functions,environments,imports,files,view,compare}.json', { eager: true, import: 'default' }),
)
