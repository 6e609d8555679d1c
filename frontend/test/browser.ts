// The few things of a browser that the libraries under test touch at import.
import { vi } from 'vitest'

class Target extends EventTarget {
  hidden = false
  cookie = ''
  documentElement = { dataset: {} as Record<string, string>, lang: '' }
  createElement(): object {
    return {}
  }
  querySelector(): null {
    return null
  }
}

export const page = new Target()
vi.stubGlobal('document', page)
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
