"""Import what every command needs without what nobody asks of it: a fifth of a cold start."""

from __future__ import annotations

import os
import sys
import typing
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """A module that is imported when something is asked of it that it was not given here."""

    def __init__(self, name: str, **given: Any) -> None:
        super().__init__(name)
        vars(self).update(given)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what the import itself looks for
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


def import_lean() -> None:
    """Import msgspec, pycurl, argparse and pathlib; what they import for others comes when it is asked for.

    HAT drives libcurl by a loop of its own, its annotations need no typing_extensions, and what argparse says
    is not translated. `uuid`, which msgspec imports, asks for the name of the system and nothing else.
    """
    nothing: Any = None  # an import that finds it says that there is no such module
    later = [
        _Later("pycurl.async_multi", AsyncCurlMulti=None),
        _Later("gettext", gettext=str, ngettext=lambda one, many, number: one if number == 1 else many),
        _Later("platform", system=_system),
        *map(_Later, ("textwrap", "fnmatch", "ntpath")),
    ]
    spared = {"typing_extensions": nothing} | {module.__name__: module for module in later}
    spared = {name: module for name, module in spared.items() if name not in sys.modules}
    sys.modules.update(spared)
    reference = typing.ForwardRef
    # msgspec tries one out, for which Python would make the hundred classes of its syntax tree.
    setattr(typing, "ForwardRef", lambda *_, **__: None)  # noqa: B010
    try:
        for name in ("msgspec", "pycurl", "argparse", "pathlib"):
            import_module(name)
    finally:
        setattr(typing, "ForwardRef", reference)  # noqa: B010
    for name in spared:
        del sys.modules[name]


def _system() -> str:
    """The name of the system, as `platform` gives it."""
    return os.uname().sysname if hasattr(os, "uname") else "Windows"
