"""Draw the tree of the package from the first lines of its modules, into docs/architecture.md."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.environment import ROOT

PAGE = ROOT / "docs/architecture.md"
START = "<!-- the tree: python3 start.py generate -->\n"
END = "<!-- end of the tree -->\n"
DEPTH = 2  # floors below hat/: the page stays one page
NAME_WIDTH = 24


def tree(package: Path) -> str:
    """Draw a package: each module and package with the first line of its docstring."""
    title = f"{package.name}/".ljust(NAME_WIDTH)
    return (
        "\n".join([f"{title}{purpose(package / '__init__.py')}".rstrip(), *branches(package, "", DEPTH)])
        + "\n"
    )


def branches(package: Path, indent: str, depth: int) -> Iterator[str]:
    """Draw what is in a package, modules first."""
    modules = [path for path in sorted(package.glob("*.py")) if path.name != "__init__.py"]
    packages = [
        path.parent for path in sorted(package.glob("*/__init__.py")) if path.parent.name != "migrations"
    ]
    entries = [*modules, *packages]
    for entry in entries:
        last = entry is entries[-1]
        name = f"{entry.name}/" if entry.is_dir() else entry.name
        stem = f"{indent}{'└─' if last else '├─'} {name}"
        line = purpose(entry / "__init__.py" if entry.is_dir() else entry)
        yield stem.ljust(NAME_WIDTH) + line
        if entry.is_dir() and depth > 1:
            yield from branches(entry, indent + ("   " if last else "│  "), depth - 1)


def purpose(module: Path) -> str:
    """Read the first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def with_tree(page: str, drawing: str) -> str:
    """Put a drawing between the two marks of a page."""
    before, _, rest = page.partition(START)
    after = rest.partition(END)[2]
    return f"{before}{START}```\n{drawing}```\n{END}{after}"


def main() -> int:
    """Write the page with the tree as it is now."""
    PAGE.write_text(with_tree(PAGE.read_text(encoding="utf-8"), tree(ROOT / "hat")), encoding="utf-8")
    print("docs/architecture.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
