"""Measure the code by the table of sizes in the style guide; what is past its last column is refused."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.environment import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef
PYTHON_PARTS = ("hat", "tools", "demo", "bench", "tests", "start.py", "hatch_build.py")
PAGES_PARTS = ("frontend/src", "frontend/test")
GENERATED = {"frontend/src/api/schema.d.ts"}
UNMEASURED = {"migrations", "node_modules", "corpus", "conformance"}
EXCEPTION = "sizes: a table"  # in a comment of a file that is data rather than code
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


@dataclass(frozen=True)
class Limit:
    """One row of the table: what is measured, from where to look again, and where to stop."""

    what: str
    look: int
    stop: int


LINES = Limit("file, lines", 300, 500)
LENGTH = Limit("function, lines", 40, 60)
ARGUMENTS = Limit("arguments", 5, 7)
METHODS = Limit("class, public methods", 10, 15)
NESTING = Limit("nesting", 3, 4)
SIBLINGS = Limit("sibling imports", 12, 15)
LIMITS = (LINES, LENGTH, ARGUMENTS, METHODS, NESTING, SIBLINGS)


@dataclass(frozen=True)
class Figure:
    """One measured thing: its limit, its size, and where it is."""

    limit: Limit
    size: int
    place: str


def figures(root: Path) -> list[Figure]:
    """Measure every file of the project below a folder."""
    found = []
    for path in files(root, PYTHON_PARTS, (".py",)):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root).as_posix()
        found += lines(name, text)
        found += measure(name, ast.parse(text, filename=name))
    for path in files(root, PAGES_PARTS, (".ts", ".vue")):
        name = path.relative_to(root).as_posix()
        if name not in GENERATED:
            found += lines(name, path.read_text(encoding="utf-8"))
    return found


def files(root: Path, parts: Sequence[str], endings: tuple[str, ...]) -> Iterator[Path]:
    """Find the source files of some parts of the tree, in order."""
    for part in parts:
        start = root / part
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.suffix in endings and not UNMEASURED & set(path.relative_to(root).parts):
                yield path


def lines(name: str, text: str) -> list[Figure]:
    """Count the lines of a file, unless it says that it is a table of data."""
    return [] if EXCEPTION in text else [Figure(LINES, text.count("\n"), name)]


def measure(name: str, tree: ast.Module) -> list[Figure]:
    """Measure the functions, classes and imports of one module."""
    found = [] if name.endswith("urls.py") else [Figure(SIBLINGS, len(siblings(name, tree)), name)]
    for node in ast.walk(tree):
        if isinstance(node, Function):
            place = f"{name}:{node.lineno} {node.name}"
            found.append(Figure(LENGTH, (node.end_lineno or node.lineno) - node.lineno + 1, place))
            found.append(Figure(ARGUMENTS, arguments(node), place))
            found.append(Figure(NESTING, max(map(nesting, node.body)), place))
        elif isinstance(node, ast.ClassDef):
            methods = [part.name for part in node.body if isinstance(part, Function)]
            public = sum(not method.startswith("_") for method in methods)
            found.append(Figure(METHODS, public, f"{name}:{node.lineno} {node.name}"))
    return found


def arguments(node: Function) -> int:
    """Count what a caller may pass, without self and cls."""
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return sum(argument.arg not in {"self", "cls"} for argument in every)


def nesting(node: ast.AST) -> int:
    """Count how deep blocks lie in one another; `elif` is no deeper than its `if`."""
    if isinstance(node, Function | ast.ClassDef | ast.Lambda):
        return 0  # measured by itself
    inner = [nesting(child) for child in ast.iter_child_nodes(node)]
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        branch = nesting(node.orelse[0])
        body = max(map(nesting, node.body))
        return max(1 + body, branch)
    return max(inner, default=0) + isinstance(node, BLOCKS)


def siblings(name: str, tree: ast.Module) -> set[str]:
    """Find the modules of the same package that one module imports."""
    package = ".".join(Path(name).parts[:-1])
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        if package:
            below = [text.removeprefix(f"{package}.") for text in names if text.startswith(f"{package}.")]
            imported |= {text.partition(".")[0] for text in below[:1]}
    return imported


def table(found: Sequence[Figure]) -> str:
    """Show median, 90th percentile and largest of each figure, and how many call for a second look."""
    rows = [f"{'':24}{'count':>7}{'median':>8}{'p90':>6}{'largest':>9}{'look again':>12}{'stop at':>9}"]
    for limit in LIMITS:
        sizes = sorted(figure.size for figure in found if figure.limit is limit) or [0]
        p90 = sizes[min(len(sizes) - 1, int(len(sizes) * 0.9))]
        again = sum(size > limit.look for size in sizes)
        middle = statistics.median_low(sizes)
        rows.append(f"{limit.what:24}{len(sizes):7}{middle:8}{p90:6}{sizes[-1]:9}{again:12}{limit.stop:9}")
    return "\n".join(rows)


def excesses(found: Sequence[Figure]) -> list[str]:
    """Name what is past the last column."""
    past = [figure for figure in found if figure.size > figure.limit.stop]
    return [
        f"{figure.place}: {figure.limit.what} {figure.size}, stop at {figure.limit.stop}" for figure in past
    ]


def main() -> int:
    """Print the table; exit code 1 when something is past its last column."""
    found = figures(ROOT)
    print(table(found))
    for excess in excesses(found):
        print(excess)
    return 1 if excesses(found) else 0


if __name__ == "__main__":
    sys.exit(main())
