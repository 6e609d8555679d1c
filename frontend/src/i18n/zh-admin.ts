// The Chinese words of administration: they come with the first of its pages.
import { byArea } from './area'

export default byArea(import.meta.glob<object>('./zh/{audit,users,system}.json', { eager: true, import: 'default' }))
