/** CodeMirror as HAT wears it: colours from CSS variables, completion of names, marks of problems, keys. */

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, StateEffect, type Extension } from '@codemirror/state'
import {
  Decoration, drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers,
  MatchDecorator, ViewPlugin, type DecorationSet, type KeyBinding, type ViewUpdate,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { bracedIfNeeded, insertion, NAME_PIECE, offered, placeAt, type KnownName, type Names } from './complete'

export type CodeLanguage = 'json' | 'yaml' | 'python' | 'text'

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.integer, tags.float], color: 'var(--code-number)' },
  { tag: [tags.bool, tags.null, tags.keyword, tags.operatorKeyword, tags.self], color: 'var(--code-keyword)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className], color: 'var(--code-variable)' },
])

const look = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.25rem' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.5rem 0' },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in srgb, var(--brand) 26%, transparent) !important' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-3)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--brand) 6%, transparent)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--selected) !important', outline: 'none' },
  '.cm-tooltip': { border: '1px solid var(--line)', borderRadius: '0.5rem', backgroundColor: 'var(--raised)', boxShadow: 'var(--shadow)', color: 'var(--ink)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '16rem', padding: '0.25rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.1875rem 0.5rem', borderRadius: '0.25rem', lineHeight: '1.25rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--selected)', color: 'var(--ink)' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal', marginLeft: '0.75rem' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600', color: 'var(--brand-text)' },
  '.cm-completionInfo': { padding: '0.375rem 0.625rem', maxWidth: '22rem', whiteSpace: 'pre-wrap' },
  '.cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-textfield, .cm-button': { borderColor: 'var(--line-strong)', background: 'var(--canvas)', color: 'var(--ink)', borderRadius: '0.25rem' },
  '.cm-foldPlaceholder': { background: 'var(--hover)', border: 'none', color: 'var(--ink-3)', padding: '0 0.375rem' },
})

const oneLine = EditorView.theme({
  '.cm-scroller': { overflow: 'hidden', lineHeight: '1.25rem' },
  '.cm-content': { padding: '0.3125rem 0' },
  '.cm-line': { padding: '0 0.5rem' },
})

export interface EditorOptions {
  language: CodeLanguage
  label: string
  singleLine?: boolean
  readonly?: boolean
  names?: Names
  /** Plain words offered at the start of a text, such as header names. */
  words?: () => readonly string[]
  unknownName?: string
  onChange: (text: string) => void
  keys?: readonly KeyBinding[]
}

/** A grammar comes when the first editor of its language opens. */
const GRAMMARS: Record<Exclude<CodeLanguage, 'text'>, () => Promise<Extension>> = {
  json: async () => (await import('@codemirror/lang-json')).json(),
  yaml: async () => (await import('@codemirror/lang-yaml')).yaml(),
  python: async () => [(await import('@codemirror/lang-python')).python(), indentUnit.of('    ')],
}
const grammars = new Map<CodeLanguage, Extension>()

/** Colours, folding and indentation of a language: at once when its grammar is here, else as soon as it is. */
function grammar(language: CodeLanguage): Extension {
  if (language === 'text') return []
  const here = grammars.get(language)
  if (here) return here
  const place = new Compartment()
  const fetcher = ViewPlugin.define((view) => {
    let wanted = true
    void GRAMMARS[language]().then((found) => {
      grammars.set(language, found)
      if (wanted) view.dispatch({ effects: place.reconfigure(found) })
    })
    return { destroy: () => (wanted = false) }
  })
  return [place.of([]), fetcher]
}

export function editorExtensions(options: EditorOptions): Extension[] {
  const { names } = options
  return [
    // The earlier theme wins.
    ...(options.singleLine ? [oneLine] : []),
    look,
    syntaxHighlighting(colours),
    history(),
    drawSelection(),
    EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0', ...(options.singleLine ? { 'aria-multiline': 'false' } : {}) }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString())
    }),
    EditorState.readOnly.of(options.readonly ?? false),
    EditorView.editable.of(!options.readonly || !options.singleLine),
    grammar(options.language),
    ...(names ? [nameMarks(names), nameHover(names, options.unknownName ?? '')] : []),
    ...completion(options),
    ...(options.singleLine ? lineExtensions(options) : blockExtensions(options)),
  ]
}

function lineExtensions(options: EditorOptions): Extension[] {
  return [
    keymap.of([...(options.keys ?? []), ...completionKeymap, ...historyKeymap, ...plainKeys()]),
    EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change)),
  ]
}

function blockExtensions(options: EditorOptions): Extension[] {
  const code = options.language !== 'text'
  return [
    lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }),
    ...(code ? [foldGutter(), bracketMatching(), closeBrackets(), indentOnInput(), lintGutter()] : [EditorView.lineWrapping]),
    keymap.of([
      ...(options.keys ?? []), { key: 'Tab', run: acceptCompletion }, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap,
      ...searchKeymap, ...foldKeymap, ...plainKeys(), ...(code && !options.readonly ? [indentWithTab] : []),
    ]),
  ]
}

/** The default keys without those the page itself listens to. */
function plainKeys(): KeyBinding[] {
  return defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter' && binding.key !== 'Mod-/')
}

function completion(options: EditorOptions): Extension[] {
  const { names, words, language } = options
  const settings = { icons: false, maxRenderedOptions: 80 }
  if (language === 'python' || options.readonly) return options.readonly ? [] : [autocompletion(settings)]
  const sources = [
    ...(names ? [(context: CompletionContext) => completeNames(context, names)] : []),
    ...(words ? [(context: CompletionContext) => completeWords(context, words)] : []),
  ]
  return sources.length ? [autocompletion({ ...settings, override: sources })] : []
}

function completeNames(context: CompletionContext, names: Names): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos)
  const place = placeAt(line.text, context.pos - line.from)
  if (!place) return null
  return {
    from: line.from + place.from,
    to: line.from + place.to,
    filter: false,
    options: offered(names(), place.typed).map(option),
    update: (_result, _from, _to, next) => completeNames(next, names),
  }
}

function option(name: KnownName): Completion {
  return {
    label: name.name + (name.detail ?? ''),
    detail: name.origin,
    ...(name.info ? { info: name.info } : {}),
    apply: (view, _completion, from, to) => {
      const line = view.state.doc.lineAt(from)
      const { text, caret } = insertion(name)
      const insert = bracedIfNeeded(text, line.text.slice(to - line.from))
      const anchor = from + (insert === text ? caret : insert.length)
      view.dispatch({ changes: { from, to, insert }, selection: { anchor }, userEvent: 'input.complete' })
    },
  }
}

function completeWords(context: CompletionContext, words: () => readonly string[]): CompletionResult | null {
  const text = context.state.doc.toString()
  const typed = text.slice(0, context.pos)
  if (typed.includes('$') || (!typed && !context.explicit)) return null
  return { from: 0, to: text.length, options: words().map((label) => ({ label })), validFor: /^[^$]*$/ }
}

const namesCame = StateEffect.define<null>()

/** Mark names anew after others have become known, such as functions that came after the text. */
export function markNames(view: EditorView): void {
  view.dispatch({ effects: namesCame.of(null) })
}

function nameMarks(names: Names): Extension {
  const decorator = new MatchDecorator({
    regexp: new RegExp(NAME_PIECE.source, 'g'),
    decoration: (match) => {
      const name = match[1] ?? match[3] ?? match[4]
      if (!name) return null
      const kind = match[1] === undefined ? 'variable' : 'function'
      const known = names().some((one) => one.name === name && one.kind === kind)
      return Decoration.mark({ class: `name-${kind}${known ? '' : ' name-unknown'}` })
    },
  })
  return ViewPlugin.fromClass(class {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = decorator.createDeco(view)
    }

    update(update: ViewUpdate): void {
      const anew = update.transactions.some((change) => change.effects.some((effect) => effect.is(namesCame)))
      this.decorations = anew ? decorator.createDeco(update.view) : decorator.updateDeco(update, this.decorations)
    }
  }, { decorations: (plugin) => plugin.decorations })
}

function nameHover(names: Names, unknown: string): Extension {
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position)
    for (const match of line.text.matchAll(new RegExp(NAME_PIECE.source, 'g'))) {
      const from = line.from + match.index
      const name = match[1] ?? match[3] ?? match[4]
      if (!name || position < from || position > from + match[0].length) continue
      const found = names().find((one) => one.name === name)
      return { pos: from, end: from + match[0].length, above: true, create: () => ({ dom: hoverCard(name, found, unknown) }) }
    }
    return null
  })
}

function hoverCard(name: string, found: KnownName | undefined, unknown: string): HTMLElement {
  const card = document.createElement('div')
  card.className = 'name-card'
  for (const [text, style] of [[name + (found?.detail ?? ''), 'name-card-title'], [found?.origin ?? unknown, 'name-card-origin'], [found?.info ?? '', 'name-card-info']]) {
    if (!text) continue
    const line = document.createElement('div')
    line.className = style!
    line.textContent = text
    card.append(line)
  }
  return card
}

export interface LineProblem {
  line: number
  message: string
}

/** Show problems at their lines. */
export function markProblems(view: EditorView, problems: readonly LineProblem[]): void {
  const { doc } = view.state
  view.dispatch(setDiagnostics(view.state, problems.map((problem) => {
    const line = doc.line(Math.min(Math.max(problem.line, 1), doc.lines))
    const start = line.from + (line.text.length - line.text.trimStart().length)
    return { from: start, to: Math.max(line.to, start), severity: 'error' as const, message: problem.message }
  })))
}

/** Replace the whole text, unless a person is composing in it: writing back then would type it twice. */
export function replaceText(view: EditorView, text: string): void {
  if (view.composing || view.state.doc.toString() === text) return
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
}

/** A key that puts other text in place of the lines the selection touches; the selection stays on them. */
export function linesKey(key: string, change: (lines: readonly string[]) => readonly string[]): KeyBinding {
  return {
    key,
    preventDefault: true,
    run: ({ state, dispatch }) => {
      if (state.readOnly) return false
      const from = state.doc.lineAt(state.selection.main.from)
      const to = state.doc.lineAt(state.selection.main.to)
      const insert = change(state.sliceDoc(from.from, to.to).split('\n')).join('\n')
      const one = from.number === to.number && state.selection.main.empty
      const anchor = from.from + insert.length
      dispatch(state.update({ changes: { from: from.from, to: to.to, insert }, selection: { anchor: one ? anchor : from.from, head: anchor }, userEvent: 'input' }))
      return true
    },
  }
}
