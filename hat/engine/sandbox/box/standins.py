"""Stand-ins for modules that real debugtalk.py files import: httprunner, loguru, requests_toolbelt."""

from __future__ import annotations

import ast
import importlib.util
import os
import platform
import random
import secrets
import string
import sys
import time
import types
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from hat.engine.sandbox.box.facts import HookResponse

_VERSIONS: Final = {
    "httprunner2": "2.2.2",
    "httprunner25": "2.5.9",
    "httprunner3": "3.1.11",
    "httprunner4": "4.3.5",
}

_OTHERS: Final = "api client config context loader models report runner step testcase validator".split()  # noqa: SIM905


def install(dialect: str) -> None:
    """Make the stand-ins importable, each only where the real module is not installed."""
    for name, build in (("httprunner", _httprunner), ("loguru", _loguru), ("requests_toolbelt", _toolbelt)):
        if name == "httprunner" or importlib.util.find_spec(name) is None:
            build(_VERSIONS.get(dialect, _VERSIONS["httprunner4"]))


def _module(name: str, **members: Any) -> types.ModuleType:
    module = types.ModuleType(name, f"HAT's stand-in for {name}.")
    module.__path__ = []
    vars(module).update(members)
    if name.partition(".")[0] == "httprunner":
        vars(module)["__getattr__"] = _Missing(name)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
    return module


def _httprunner(version: str) -> None:
    exceptions = {name: type(name, (bases,), {}) for name, bases in _exceptions()}
    _module("httprunner", __version__=version)
    _module("httprunner.exceptions", **exceptions)
    functions: dict[str, Callable[..., Any]] = {
        "gen_random_string": gen_random_string,
        "get_timestamp": get_timestamp,
        "get_current_date": get_current_date,
        "sleep": time.sleep,
    }
    _module("httprunner.built_in", **functions)
    _module("httprunner.builtin", **functions)
    _module("httprunner.builtin.functions", **functions)
    _module("httprunner.compat", **_compat())
    _module("httprunner.builtin.comparators")
    _module("httprunner.utils", **functions, **_utils(version))
    _module("httprunner.logger", **_logger())
    _module("httprunner.response", ResponseObject=HookResponse)
    _module("httprunner.parser", parse_string_value=parse_string_value)
    for name in _OTHERS:
        _module(f"httprunner.{name}")


class _Missing:
    """What a module of HttpRunner gives for a name we do not have: it can be imported, not called."""

    def __init__(self, module: str) -> None:
        self.module = module

    def __call__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.module == "httprunner.exceptions":
            return type(name, (Exception,), {})

        def missing(*_: Any, **__: Any) -> Any:
            raise NotImplementedError(f"{self.module}.{name} is not there in HAT")

        return missing


def _utils(version: str) -> dict[str, Callable[..., Any]]:
    return {
        "get_os_environ": get_os_environ,
        "set_os_environ": os.environ.update,
        "unset_os_environ": lambda names: [os.environ.pop(name, None) for name in names],
        "get_platform": lambda: {
            "httprunner_version": version,
            "python_version": f"{platform.python_implementation()} {platform.python_version()}",
            "platform": platform.platform(),
        },
        "lower_dict_keys": lambda origin: {str(key).lower(): item for key, item in (origin or {}).items()},
        "build_url": build_url,
    }


def build_url(base_url: str, path: str) -> str:
    """A path behind a base URL; one with a host stays as it is."""
    return (
        path
        if path.lower().startswith(("http://", "https://"))
        else f"{base_url.rstrip('/')}/{path.lstrip('/')}"
    )


def parse_string_value(text: str) -> Any:
    """The Python value a text shows, else the text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _exceptions() -> list[tuple[str, type[BaseException]]]:
    failures = ["ValidationFailure", "ExtractFailure", "SetupHooksFailure", "TeardownHooksFailure"]
    errors = [
        "FileFormatError",
        "TestCaseFormatError",
        "TestSuiteFormatError",
        "ParamsError",
        "NotFoundError",
    ]
    errors += [
        "FileNotFound",
        "FunctionNotFound",
        "VariableNotFound",
        "EnvNotFound",
        "CSVNotFound",
        "ApiNotFound",
    ]
    errors += ["TestcaseNotFound", "SummaryEmpty", "ParseTestsFailure", "MyBaseError", "MyBaseFailure"]
    return [(name, Exception) for name in failures + errors]


def _compat() -> dict[str, Any]:
    return {
        "basestring": (str, bytes),
        "bytes": bytes,
        "str": str,
        "numeric_types": (int, float),
        "integer_types": (int,),
        "builtin_str": str,
    }


def _logger() -> dict[str, Any]:
    def log(message: Any = "", *args: Any, **_: Any) -> None:
        sys.stdout.write(f"{message}\n")

    names = ["log_debug", "log_info", "log_warning", "log_error", "log_critical", "color_print"]
    return dict.fromkeys(names, log) | {"logger": Logger()}


def gen_random_string(length: int) -> str:
    """Letters and digits, as many as asked."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=length))  # noqa: S311


def get_timestamp(length: int = 13) -> str:
    """The first digits of the Unix time."""
    return f"{time.time_ns() // 1000:016d}"[:length]


def get_current_date(form: str = "%Y-%m-%d") -> str:
    """The local date in a strftime format."""
    return datetime.now().strftime(form)  # noqa: DTZ005


def get_os_environ(name: str) -> str:
    """An environment variable; EnvNotFound when there is none."""
    if name not in os.environ:
        raise sys.modules["httprunner.exceptions"].EnvNotFound(name)
    return os.environ[name]


class Logger:
    """loguru's logger as far as functions use it: messages become printed lines."""

    def log(self, level: Any, message: Any, *args: Any, **kwargs: Any) -> None:
        text = str(message)
        if args or kwargs:
            try:
                text = text.format(*args, **kwargs)
            except (IndexError, KeyError, ValueError):
                pass
        sys.stdout.write(f"{level}: {text}\n")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name in ("trace", "debug", "info", "success", "warning", "error", "critical", "exception"):
            return lambda message="", *args, **kwargs: self.log(name, message, *args, **kwargs)
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self


def _loguru(_: str) -> None:
    _module("loguru", logger=Logger())


class MultipartEncoder:
    """requests_toolbelt's encoder as far as functions use it."""

    def __init__(self, fields: Any, boundary: str | None = None, encoding: str = "utf-8") -> None:
        self.boundary_value = boundary or secrets.token_hex(16)
        self.encoding = encoding
        self.fields = fields
        self._body: bytes | None = None

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary_value}"

    def to_string(self) -> bytes:
        """The whole body."""
        if self._body is None:
            items = self.fields.items() if isinstance(self.fields, dict) else self.fields
            pieces = [self._piece(name, value) for name, value in items]
            self._body = b"".join(pieces) + f"--{self.boundary_value}--\r\n".encode()
        return self._body

    def read(self, size: int = -1) -> bytes:
        return self.to_string()

    @property
    def len(self) -> int:
        return len(self.to_string())

    def _piece(self, name: str, value: Any) -> bytes:
        filename, kind = None, None
        if isinstance(value, (list, tuple)):
            filename, value, kind = (*value, None, None)[:3]
        content = value.read() if hasattr(value, "read") else value
        if not isinstance(content, bytes):
            content = str(content).encode(self.encoding)
        head = f'--{self.boundary_value}\r\nContent-Disposition: form-data; name="{name}"'
        if filename:
            head += f'; filename="{filename}"'
        if kind:
            head += f"\r\nContent-Type: {kind}"
        return head.encode(self.encoding) + b"\r\n\r\n" + content + b"\r\n"


def _toolbelt(_: str) -> None:
    _module("requests_toolbelt", MultipartEncoder=MultipartEncoder)
    _module("requests_toolbelt.multipart", MultipartEncoder=MultipartEncoder)
    _module("requests_toolbelt.multipart.encoder", MultipartEncoder=MultipartEncoder)
