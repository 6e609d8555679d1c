"""Read HTML and XML bodies by XPath and CSS selectors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hat.engine.pattern import SlowPatternError, limited
from hat.engine.response import ResponseView

_PSEUDO = r"(?s)(?P<css>.*?)\s*::(?:text|attr\((?P<name>[\w:.-]+)\))\s*\Z"
Finder = Callable[[ResponseView], list[Any]]


class MarkupError(ValueError):
    """Raised when a selector cannot be compiled or a body is no HTML or XML."""


def compile_xpath(expression: str) -> Finder:
    """A reader of all the values an XPath leads to; elements give their text."""
    from lxml import etree  # noqa: PLC0415  costs 10 ms at start-up, and few cases read markup

    try:
        find = etree.XPath(expression)
    except etree.XPathError as problem:
        raise MarkupError(f"XPath '{expression}': {problem}") from problem

    def read(view: ResponseView) -> list[Any]:
        try:
            tree = _tree(view)
            found = limited(lambda: find(tree))
        except (etree.XPathError, SlowPatternError) as problem:
            raise MarkupError(f"XPath '{expression}': {problem}") from problem
        return [_plain(item) for item in found] if isinstance(found, list) else [_plain(found)]

    return read


def compile_css(expression: str) -> Finder:
    """A reader of all the elements a CSS selector finds: their text, or `::attr(name)` an attribute."""
    from cssselect import HTMLTranslator, SelectorError  # noqa: PLC0415  as above

    pseudo = re.match(_PSEUDO, expression)
    try:
        path = HTMLTranslator().css_to_xpath(pseudo["css"] if pseudo else expression)
    except SelectorError as problem:
        raise MarkupError(f"CSS selector '{expression}': {problem}") from problem
    return compile_xpath(f"{path}/@{pseudo['name']}" if pseudo and pseudo["name"] else path)


def _tree(view: ResponseView) -> Any:
    from lxml import etree  # noqa: PLC0415  as above

    if not view.text.strip():
        raise MarkupError("the body is empty")
    is_xml = "xml" in view.content_type and "html" not in view.content_type
    parser = (
        etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        if is_xml or view.text.lstrip().startswith("<?xml")
        else etree.HTMLParser(encoding="utf-8", no_network=True)
    )
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", view.text)
    tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if tree is None:
        raise MarkupError("the body is no HTML or XML")
    return tree


def _plain(found: Any) -> Any:
    if hasattr(found, "itertext"):
        return "".join(found.itertext()).strip()
    if isinstance(found, float) and found.is_integer():
        return int(found)
    return str(found) if isinstance(found, str) else found
