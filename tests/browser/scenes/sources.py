"""What the pages are made of, read from their sources: routes, and components that open above a page."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parents[3] / "frontend/src"

_ROUTE = re.compile(r"\bname: '([\w-]+)', component: page\(")
_DIALOG = re.compile(r"<(?:UiDialog|UiDrawer|DialogRoot)\b")
_TITLE = re.compile(
    r"<(?:UiDialog|UiDrawer)\b[^<]*?:title=\"([^\"]*)\"|<DialogTitle[^>]*>\{\{ (t\([^}]*) \}\}", re.DOTALL
)
_KEY = re.compile(r"t\('([\w.]+)'")
_MENU = re.compile(
    r"<(?:UiMenu\b|DropdownMenuRoot\b|details\b[^>]*>\s*<summary[^<]*</summary>\s*<ul class=\"pop)"
)
KIT = ("ui/UiDialog.vue", "ui/UiDrawer.vue", "ui/UiMenu.vue")  # what the others are made with


def routes(root: Path = SOURCES) -> set[str]:
    """The names of all routes that have a page."""
    return set(_ROUTE.findall((root / "router.ts").read_text(encoding="utf-8")))


def dialogs(root: Path = SOURCES) -> dict[str, list[str]]:
    """Components with a dialog or drawer, and the texts its title may be, where the source says so."""
    found = {}
    for name, text in _components(root):
        if _DIALOG.search(text):
            titles = ["".join(match) for match in _TITLE.findall(text)]
            found[name] = [key for title in titles for key in _KEY.findall(title)]
    return found


def menus(root: Path = SOURCES) -> dict[str, int]:
    """Components with menus, and how many."""
    found = {name: len(_MENU.findall(text)) for name, text in _components(root)}
    return {name: count for name, count in found.items() if count}


def _components(root: Path) -> list[tuple[str, str]]:
    files = sorted(root.rglob("*.vue"))
    named = [(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in files]
    return [(name, text.split("</script>")[-1]) for name, text in named if name not in KIT]
