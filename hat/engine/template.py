"""Compile texts with `$name` and `${function(arguments)}`, and values that hold such texts, into closures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from hat.engine.dialect import Syntax
from hat.engine.sandbox import Handle
from hat.number import Written

Variables = Mapping[str, Any]
_BLANKS = " \t"
Build = Callable[[Variables, Sequence[Any]], Any]


class RenderError(Exception):
    """A text cannot be rendered: unknown name, or a function that raised; `path` is where inside the case."""

    def __init__(
        self,
        message: str,
        path: str = "",
        *,
        kind: str = "template",
        hint: str = "",
        is_assertion: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.kind = kind
        self.hint = hint
        self.is_assertion = is_assertion


class CallSite(Struct):
    """One `${function(arguments)}` of a template; `passes` names the variable each argument is as a whole,
    those with a keyword last.
    """

    name: str
    arguments: Callable[[Variables], tuple[list[Any], dict[str, Any]]]
    passes: tuple[str, ...] = ()
    path: str = ""


class Template(Struct):
    """A compiled value: `build(variables, answers)` renders it, with one answer for each of its `calls`."""

    build: Build
    constant: bool
    value: Any = None
    calls: tuple[CallSite, ...] = ()
    names: tuple[tuple[str, str], ...] = ()  # (variable, path), also those inside arguments
    whole: str = ""  # the variable this template is, and nothing else
    typed: bool = False  # a text that is exactly one variable or call keeps its value's type
    problems: tuple[tuple[str, str], ...] = ()  # (message, path)


class _Node(Struct):
    constant: bool
    value: Any = None
    build: Build | None = None
    whole: str = ""
    typed: bool = False


def compile_value(value: Any, syntax: Syntax, path: str = "") -> Template:
    """Compile a text, or a mapping or list holding texts; what holds no variable is rendered here once."""
    if _is_plain(value, syntax.strips == "texts"):
        return _shared_value(value) if value.__class__ in _SHARED else fixed_value(value)
    if value.__class__ is str and len(value) < _KEPT:
        return _shared_text(value, syntax, path)
    compiler = _Compiler(syntax)
    return compiler.template(compiler.node(value, path))


@lru_cache(maxsize=1024)
def _shared_text(text: str, syntax: Syntax, path: str) -> Template:
    """The template of a text; thousands of cases have the same one at the same place."""
    compiler = _Compiler(syntax)
    return compiler.template(compiler.new_text(text, path))


def _is_plain(value: Any, strips: bool) -> bool:
    """Whether a value is rendered to itself."""
    if isinstance(value, str):
        return "$" not in value and not (strips and value and (value[0] in _BLANKS or value[-1] in _BLANKS))
    if isinstance(value, dict):
        return _are_plain(value, strips) and _are_plain(value.values(), strips)
    if isinstance(value, list):
        return _are_plain(value, strips)
    return not isinstance(value, (tuple, set))


def _are_plain(values: Iterable[Any], strips: bool) -> bool:
    for value in values:
        if value.__class__ is str and not strips:
            if "$" in value:
                return False
        elif not _is_plain(value, strips):
            return False
    return True


def fixed_value(value: Any) -> Template:
    """The template of a value that is not looked into."""
    return Template(lambda _variables, _answers: value, True, value)


_shared_value = lru_cache(maxsize=4096, typed=True)(fixed_value)
_SHARED = frozenset((str, int, bool, type(None)))
_KEPT = 1000  # characters of a text whose template is kept


def as_text(value: Any) -> str:
    """A value inside a larger text."""
    return value.text if isinstance(value, Handle) else str(value)


def as_exact_text(value: Any) -> str:
    """A value inside a larger text, numbers as they were written."""
    return value.text if isinstance(value, (Handle, Written)) else str(value)


def literal(text: str) -> Any:
    """An argument or value as the Python literal it is, else as the text itself."""
    import ast  # noqa: PLC0415  few cases hold literals

    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


class _Compiler(Struct):
    syntax: Syntax
    calls: list[CallSite] = []
    names: list[tuple[str, str]] = []
    problems: list[tuple[str, str]] = []

    def node(self, value: Any, path: str) -> _Node:
        if isinstance(value, str):
            return self.text(value, path)
        if isinstance(value, dict):
            return self.mapping(value, path)
        if isinstance(value, (list, tuple, set)):
            return self.sequence(list(value), path)
        return _Node(True, value)

    def mapping(self, value: dict[Any, Any], path: str) -> _Node:
        strips = self.syntax.strips == "texts"
        if not _are_plain(value, strips):
            return self.keyed(value, path)
        fixed: dict[Any, Any] = {}
        moving: list[tuple[Any, Build]] = []
        for key, item in value.items():
            if _is_plain(item, strips):
                fixed[key] = item
                continue
            node = self.node(item, f"{path}.{key}" if path else str(key))
            fixed[key] = node.value
            if node.build is not None:
                moving.append((key, node.build))
        if not moving:
            return _Node(True, fixed)

        def build(variables: Variables, answers: Sequence[Any]) -> dict[Any, Any]:
            result = fixed.copy()
            for key, make in moving:
                result[key] = make(variables, answers)
            return result

        return _Node(False, build=build)

    def keyed(self, value: dict[Any, Any], path: str) -> _Node:
        """A mapping whose keys hold variables."""
        pairs = [
            (self.node(key, path), self.node(item, f"{path}.{key}" if path else str(key)))
            for key, item in value.items()
        ]
        if all(key.constant and item.constant for key, item in pairs):
            return _Node(True, {key.value: item.value for key, item in pairs})
        return _Node(False, build=_keyed(pairs))

    def sequence(self, value: list[Any], path: str) -> _Node:
        nodes = [self.node(item, f"{path}[{index}]") for index, item in enumerate(value)]
        if all(node.constant for node in nodes):
            return _Node(True, [node.value for node in nodes])

        def build(variables: Variables, answers: Sequence[Any]) -> list[Any]:
            return [node.build(variables, answers) if node.build else node.value for node in nodes]

        return _Node(False, build=build)

    def template(self, node: _Node) -> Template:
        """What was compiled, with all that was found on the way."""
        constant = node.value
        build = node.build or (lambda _variables, _answers: constant)
        names, calls, problems = tuple(self.names), tuple(self.calls), tuple(self.problems)
        return Template(build, node.constant, constant, calls, names, node.whole, node.typed, problems)

    def text(self, text: str, path: str) -> _Node:
        """A text; what calls nothing is the same in whatever value it stands."""
        if len(text) < _KEPT:
            shared = _shared_text(text, self.syntax, path)
            if not shared.calls and not shared.problems:
                self.names.extend(shared.names)
                build = None if shared.constant else shared.build
                return _Node(shared.constant, shared.value, build, shared.whole, shared.typed)
        return self.new_text(text, path)

    def new_text(self, text: str, path: str) -> _Node:
        """A text at its own place."""
        if self.syntax.strips == "texts":
            text = text.strip(_BLANKS)
        if "$" not in text:
            return _Node(True, text)
        if self.syntax.gives_up and not self._is_template(text):
            return _Node(True, text.replace("$$", "$"))
        if self.syntax.strips == "templates":
            text = text.strip()
        parts = self._parts(text, path)
        if not any(callable(part) for part in parts):
            return _Node(True, "".join(str(part) for part in parts))
        if len(parts) == 1:
            first = parts[0]
            match = self.syntax.variable.fullmatch(text)
            return _Node(False, build=first, whole=match[1] or match[2] if match else "", typed=True)
        spell = as_exact_text if self.syntax.exact else as_text

        def build(variables: Variables, answers: Sequence[Any]) -> str:
            return "".join([p if p.__class__ is str else spell(p(variables, answers)) for p in parts])

        return _Node(False, build=build)

    def _is_template(self, text: str) -> bool:
        """Whether the first `$` that is no escape begins a variable or call, as HttpRunner 2 looks."""
        start = text.index("$")
        while text.startswith("$$", start):
            start += 2
        return bool(self.syntax.call.match(text, start) or self.syntax.variable.match(text, start))

    def _parts(self, text: str, path: str) -> list[Any]:
        """Texts and closures in order; neighbouring texts are joined."""
        parts: list[Any] = []
        start = 0
        part: Any
        while start < len(text):
            if text.startswith("$$", start):
                part, end = "$", start + 2
            elif text[start] != "$":
                end = text.find("$", start)
                end = len(text) if end < 0 else end
                part = text[start:end]
            elif match := self.syntax.call.match(text, start):
                part, end = self.call(match[1], match[2], path), match.end()
            elif match := self.syntax.variable.match(text, start):
                part, end = self.variable(match[1] or match[2], path), match.end()
            else:
                part, end = "$", start + 1
            if parts and isinstance(part, str) and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)
            start = end
        return parts

    def variable(self, name: str, path: str) -> Build:
        self.names.append((name, path))

        def read(variables: Variables, _answers: Sequence[Any]) -> Any:
            try:
                return variables[name]
            except KeyError:
                raise undefined(name, path, variables) from None

        return read

    def call(self, name: str, arguments: str, path: str) -> Build:
        before = len(self.problems)
        nodes, named = self._arguments(name, arguments, path)
        broken = self.problems[before:]

        def collect(variables: Variables) -> tuple[list[Any], dict[str, Any]]:
            if broken:
                raise RenderError(broken[0][0], path)
            return (
                [node.build(variables, ()) if node.build else node.value for node in nodes],
                {key: node.build(variables, ()) if node.build else node.value for key, node in named.items()},
            )

        index = len(self.calls)
        passes = tuple(node.whole for node in (*nodes, *named.values()))
        self.calls.append(CallSite(name, collect, passes, path))
        return lambda _variables, answers: answers[index]

    def _arguments(self, name: str, text: str, path: str) -> tuple[list[_Node], dict[str, _Node]]:
        nodes: list[_Node] = []
        named: dict[str, _Node] = {}
        for part in text.split(",") if text.strip() else ():
            key, *values = part.split("=")
            if not values:
                nodes.append(self._argument(part.strip(), path))
            elif len(values) == 1:
                named[key.strip()] = self._argument(values[0].strip(), path)
            else:
                self.problems.append((f"argument '{part.strip()}' of {name}() has more than one '='", path))
        return nodes, named

    def _argument(self, text: str, path: str) -> _Node:
        value = literal(text)
        return self.text(text, path) if isinstance(value, str) else _Node(True, value)


def _keyed(pairs: list[tuple[_Node, _Node]]) -> Build:
    def build(variables: Variables, answers: Sequence[Any]) -> dict[Any, Any]:
        return {
            (key.build(variables, answers) if key.build else key.value): (
                item.build(variables, answers) if item.build else item.value
            )
            for key, item in pairs
        }

    return build


def undefined(name: str, path: str, known: Variables) -> RenderError:
    """The error of an unknown variable, with the names that are known."""
    names = [key for key in known if key not in ("request", "response")]
    shown = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    hint = f"known here: {shown}" if names else ""
    return RenderError(f"variable '{name}' is not defined", path, hint=hint)
