// Keyboard shortcuts of the application: one listener, a list for the `?` help.
import { computed, onScopeDispose, shallowReactive } from 'vue'

export interface Shortcut {
  /** `mod+s`, `g c` (one after the other), `alt+arrowup`, `/`, `?`. `mod` is Ctrl, or Command on a Mac. */
  keys: string
  /** What it does, for the help; a function keeps up with the language. */
  label: () => string
  /** Heading in the help. */
  group?: () => string
  run: (event: KeyboardEvent) => void
  /** Also works while a field or an editor has the focus. */
  everywhere?: boolean
  when?: () => boolean
}

const registered = shallowReactive(new Set<Shortcut>())
const isMac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.platform)
const SEQUENCE_MS = 1000

let first = ''
let firstAt = 0

function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** A checkbox or a button does not take letters, so plain keys still work there. */
function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|submit|range)$/.test(target.type)
  return inField(target)
}

/** The name of a pressed key, such as `mod+shift+enter`. */
export function pressed(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase()
  const named = event.altKey && /^Digit\d$/.test(event.code) ? event.code.slice(5) : key
  const mod = isMac ? event.metaKey : event.ctrlKey
  const shift = event.shiftKey && (key.length > 1 || mod || event.altKey)
  return [mod && 'mod', event.altKey && 'alt', shift && 'shift', named].filter(Boolean).join('+')
}

/** Menus and lists that float take letters too: they jump to what begins so. */
function floats(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.pop') !== null
}

function find(keys: string, event: KeyboardEvent): Shortcut | undefined {
  const typing = takesText(event.target) || floats(event.target)
  const candidates = [...registered].reverse()
  return candidates.find((one) => one.keys === keys && (!typing || one.everywhere) && (one.when?.() ?? true))
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.repeat) return
  if (/^(Control|Shift|Alt|Meta)$/.test(event.key)) return
  const keys = pressed(event)
  const sequence = first && event.timeStamp - firstAt < SEQUENCE_MS ? `${first} ${keys}` : ''
  const shortcut = (sequence && find(sequence, event)) || find(keys, event)
  first = keys
  firstAt = event.timeStamp
  if (!shortcut) return
  if (document.querySelector('[role="dialog"]') && !shortcut.everywhere) return
  first = ''
  event.preventDefault()
  shortcut.run(event)
}

let listening = false

/** Registers shortcuts for as long as the calling component lives. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  if (!listening) {
    document.addEventListener('keydown', onKey)
    listening = true
  }
  for (const shortcut of shortcuts) registered.add(shortcut)
  onScopeDispose(() => shortcuts.forEach((shortcut) => registered.delete(shortcut)))
}

export const allShortcuts = computed(() => [...registered])

const SYMBOLS: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  alt: isMac ? '⌥' : 'Alt',
  shift: isMac ? '⇧' : 'Shift',
  enter: '⏎',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  escape: 'Esc',
  delete: 'Del',
  space: 'Space',
}

/** The keys as words to show: `mod+shift+enter` -> [["Ctrl", "Shift", "⏎"]]; a sequence has several parts. */
export function keyCaps(keys: string): string[][] {
  return keys
    .split(' ')
    .map((part) => part.split('+').map((key) => SYMBOLS[key] ?? (key.length <= 2 ? key.toUpperCase() : key)))
}
