// The Chinese words of the pages one works in: they come with the first of those pages.
import { byArea } from './area'

export default byArea(
  import.meta.glob<object>('./zh/{editor,report,functions,environments,imports,files,view,compare}.json', { eager: true, import: 'default' }),
)
