import './browser'
import { describe, expect, it } from 'vitest'
import { keyCaps, pressed } from '../src/lib/shortcuts'

const event = (key: string, more = {}) => ({ key, code: '', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more }) as KeyboardEvent

describe('a pressed key', () => {
  it.each([
    [event('s', { ctrlKey: true }), 'mod+s'],
    [event('Enter', { ctrlKey: true, shiftKey: true }), 'mod+shift+enter'],
    [event('?', { shiftKey: true }), '?'],
    [event('N', { shiftKey: true }), 'n'],
    [event('ArrowUp', { altKey: true }), 'alt+arrowup'],
    [event('\u00a1', { altKey: true, code: 'Digit1' }), 'alt+1'],
    [event(' '), 'space'],
  ])('%# is called %s', (pressedKey, name) => expect(pressed(pressedKey)).toBe(name))
})

it('shows a sequence as caps', () => {
  expect(keyCaps('mod+shift+enter')).toEqual([['Ctrl', 'Shift', '\u23ce']])
  expect(keyCaps('g c')).toEqual([['G'], ['C']])
})
