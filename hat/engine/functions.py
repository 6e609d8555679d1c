"""Functions a template may call that come with HAT; the project's own are called through the sandbox."""

from __future__ import annotations

import base64
import io
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import msgspec
from msgspec import Struct

from hat.engine import waiting
from hat.engine.multipart import Multipart, find_file, upload
from hat.engine.sandbox.calls import Answer, CallError
from hat.number import read_number


class Surroundings(Struct, frozen=True):
    """What a built-in function may look at: the values of .env and the project's folder.

    `confined` keeps file names inside that folder.
    """

    env: Mapping[str, str] = {}
    root: Path | None = None
    confined: bool = False


class BuiltIn(Struct, frozen=True):
    """A function of our own; when it `waits`, `answer` gives an awaitable (sleep never blocks)."""

    name: str
    call: Callable[..., Any]
    waits: bool = False
    looks_around: bool = False

    def answer(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], around: Surroundings
    ) -> Answer | Awaitable[Answer]:
        """Call it; an exception becomes the answer's error."""
        if self.waits:
            return self._wait(args, kwargs)
        try:
            if self.looks_around:
                return Answer(self.call(around, *args, **kwargs))
            return Answer(self.call(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the caller's arguments may be anything
            return Answer(error=_error(self.name, error))

    async def _wait(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Answer:
        try:
            return Answer(await self.call(*args, **kwargs))
        except (TypeError, ValueError, OverflowError) as error:
            return Answer(error=_error(self.name, error))


def built_in(name: str, dialect: str) -> BuiltIn | None:
    """The function of that name in the dialect; the project's own come before it, the sandbox after."""
    found = _SHARED.get(name)
    return found or _MORE.get(dialect, {}).get(name)


def names(dialect: str) -> tuple[str, ...]:
    """The names of all built-in functions of the dialect."""
    return (*_SHARED, *_MORE.get(dialect, {}))


def _error(name: str, error: Exception) -> CallError:
    named = isinstance(error, ValueError) and len(error.args) == 2
    kind = error.args[0] if named else type(error).__name__
    message = str(error.args[-1]) if error.args else ""
    if isinstance(error, TypeError):
        message = message.replace("_" + name, name)
    return CallError(kind, message, is_type_error=isinstance(error, TypeError))


def _refusal(kind: str, message: str) -> ValueError:
    """An exception that goes by the name HttpRunner's has."""
    return ValueError(kind, message)


def gen_random_string(length: Any) -> str:
    """Letters and digits, as many as asked."""
    import random  # noqa: PLC0415  few runs need it
    import string  # noqa: PLC0415  few runs need it

    return "".join(random.choices(string.ascii_letters + string.digits, k=_whole(length)))  # noqa: S311


def get_timestamp(length: Any = 13) -> str:
    """The first digits of the Unix time: 10 are seconds, 13 milliseconds."""
    if not isinstance(length, int) or not 1 <= length <= 16:
        raise _refusal("ParamsError", "timestamp length can only between 0 and 16.")
    return f"{time.time_ns() // 1000:016d}"[:length]


def get_current_date(form: str = "%Y-%m-%d") -> str:
    """The local date in a strftime format."""
    return datetime.now().strftime(form)  # noqa: DTZ005 - HttpRunner's meaning is the machine's own time


async def sleep(seconds: Any) -> None:
    """Wait so many seconds."""
    length = float(seconds)
    if not 0 <= length <= 86400:
        raise ValueError(f"{seconds!r} is not a number of seconds to wait")
    await waiting.sleep(length)


def environ(around: Surroundings, name: str) -> str:
    """The value of that name in .env or the environment chosen for the run."""
    try:
        return around.env[name]
    except KeyError:
        raise _refusal("EnvNotFound", name) from None


def parameterize(around: Surroundings, file: str) -> Any:
    """The rows of a CSV file of the project, one object each, or what a JSON file holds."""
    path = find_file(file, around.root, confined=around.confined)
    if path is None:
        raise _refusal("FileNotFound", f"{file} is not a file of the project")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    if path.suffix.lower() == ".json":
        return _json(text, file)
    import csv  # noqa: PLC0415  few runs need it

    return list(csv.DictReader(io.StringIO(text, newline="")))


_EXACT: Final = msgspec.json.Decoder(float_hook=read_number)


def _json(text: str, file: str) -> Any:
    try:
        return _EXACT.decode(text)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"{file} is no JSON: {problem}") from None


def multipart_encoder(around: Surroundings, **values: Any) -> Multipart:
    """A multipart body: a value that names a file of the project is sent as that file."""
    return upload(values, around.root, confined=around.confined)


def multipart_content_type(encoder: Any) -> str:
    """The Content-Type of a multipart body."""
    if isinstance(encoder, Multipart):
        return encoder.content_type
    raise TypeError(f"multipart_content_type() takes what multipart_encoder() made, not {encoder!r}")


def _whole(value: Any, limit: int = 1_000_000) -> int:
    count = int(value)
    if not 0 <= count <= limit:
        raise ValueError(f"{value!r} is not between 0 and {limit}")
    return count


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _hashed(algorithm: str) -> Callable[[Any], str]:
    def hashed(text: Any) -> str:
        import hashlib  # noqa: PLC0415  few runs need it

        return hashlib.new(algorithm, _bytes(text)).hexdigest()

    return hashed


def hmac_sign(key: Any, text: Any, algorithm: str = "sha256") -> str:
    """The HMAC of a text in hexadecimal."""
    import hmac  # noqa: PLC0415  few runs need it

    return hmac.new(_bytes(key), _bytes(text), algorithm).hexdigest()


def random_int(low: Any, high: Any) -> int:
    """A whole number from low to high, both included."""
    import random  # noqa: PLC0415  few runs need it

    return random.randint(int(low), int(high))  # noqa: S311


def random_choice(values: Sequence[Any]) -> Any:
    """One of the values."""
    import random  # noqa: PLC0415  few runs need it

    return random.choice(values)  # noqa: S311


def uuid() -> str:
    """A random UUID (version 4)."""
    import secrets  # noqa: PLC0415  few runs need it

    digits = f"{secrets.randbits(128) & ~(0xF << 76) & ~(3 << 62) | 4 << 76 | 2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def now(form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """The time in UTC in a strftime format."""
    return datetime.now(UTC).strftime(form)


_SHARED: Final[dict[str, BuiltIn]] = {
    one.name: one
    for one in (
        BuiltIn("gen_random_string", gen_random_string),
        BuiltIn("get_timestamp", get_timestamp),
        BuiltIn("get_current_date", get_current_date),
        BuiltIn("sleep", sleep, waits=True),
        BuiltIn("P", parameterize, looks_around=True),
        BuiltIn("parameterize", parameterize, looks_around=True),
        BuiltIn("ENV", environ, looks_around=True),
        BuiltIn("environ", environ, looks_around=True),
        BuiltIn("multipart_encoder", multipart_encoder, looks_around=True),
        BuiltIn("multipart_content_type", multipart_content_type),
        # Python's own: those that can neither run code nor fill the memory; the others are for the sandbox.
        *(
            BuiltIn(call.__name__, call)
            for call in (abs, bool, float, int, len, max, min, repr, round, sorted, str)
        ),
    )
}

_OF_HTTPRUNNER_2: Final[dict[str, BuiltIn]] = {
    "sleep_N_secs": BuiltIn("sleep_N_secs", sleep, waits=True)  # what `sleep` is called before 2.5
}

_OWN: Final[dict[str, BuiltIn]] = {
    one.name: one
    for one in (
        BuiltIn("md5", _hashed("md5")),
        BuiltIn("sha1", _hashed("sha1")),
        BuiltIn("sha256", _hashed("sha256")),
        BuiltIn("hmac_sign", hmac_sign),
        BuiltIn("base64_encode", lambda text: base64.b64encode(_bytes(text)).decode("ascii")),
        BuiltIn("base64_decode", lambda text: base64.b64decode(_bytes(text)).decode()),
        BuiltIn("url_encode", lambda text: quote(str(text), safe="")),
        BuiltIn("url_decode", lambda text: unquote(str(text))),
        BuiltIn("uuid", uuid),
        BuiltIn("random_int", random_int),
        BuiltIn("random_choice", random_choice),
        BuiltIn("now", now),
        BuiltIn("timestamp", lambda: math.floor(time.time())),
    )
}

_MORE: Final = {"hat": _OWN, "httprunner2": _OF_HTTPRUNNER_2}
