"""Which charset a body is in: by header, byte order mark, meta tag, or by looking at the bytes."""

from __future__ import annotations

import codecs
import re

_CHARSET = r"""(?i)charset\s*=\s*["']?\s*([\w.:-]+)"""
_META = rb"""(?i)<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*["']?\s*([\w.:-]+)"""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Browsers read these labels as their supersets: https://encoding.spec.whatwg.org/#names-and-labels
_SUPERSETS = {"gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_BINARY = r"(?i)(?:image|audio|video|font)/|application/(?:octet-stream|zip|gzip|pdf)"
_SAMPLE = 65536
_PROBE = 2048
_ENOUGH = 0.1  # a smaller share of frequent characters is an accident of a one-byte charset
_MULTIBYTE = ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr")
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "成功失败错误用户名称密码登录注册商品订单价格数量时间参数请求返回信息系统接口测试"
    "這個們來為國說時會學對發後裡種經麼現當沒動還進樣從實軍無與長機關點業將兩間問應戰向頭體訂單價數請錯誤資訊繁體"
    "のはにをたがでてとしれさいるこもなあっかりまうくすえきら한국어이다는을에의가"
)


def from_header(content_type: str) -> str | None:
    """The charset a Content-Type header names, if Python knows it."""
    found = re.search(_CHARSET, content_type)
    return known(found.group(1)) if found else None


def known(name: str) -> str | None:
    """A charset name in lower case if Python can decode it, else None."""
    try:
        codecs.lookup(name)
    except LookupError:
        return None
    return name.lower()


def label(body: bytes, content_type: str) -> str:
    """The charset a body can be shown in; empty for what is empty or no text."""
    if not body:
        return ""
    declared = from_header(content_type) if "charset" in content_type.lower() else None
    if declared:
        return declared
    if b"\0" in body[:_PROBE] and not body.startswith(tuple(mark for mark, _ in _MARKS)):
        return ""
    if body.isascii() and b"<" not in body[:_PROBE]:
        return "utf-8"
    name = detect(body)
    return "" if name not in ("utf-8", "utf-8-sig") and re.match(_BINARY, content_type) else name


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """A body as text, and the charset it was read with; never fails."""
    name = from_header(content_type) or detect(body)
    return read(body, name), name


def read(body: bytes, name: str) -> str:
    """A body in a charset; bytes that do not fit become replacement characters."""
    return body.decode(_SUPERSETS.get(name, name), errors="replace")


def detect(body: bytes) -> str:
    """The charset of bytes nobody labelled: mark, meta tag, UTF-8, then the likeliest of the others."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    meta = re.search(_META, body[:_PROBE])
    named = known(meta.group(1).decode("ascii", "replace")) if meta else None
    if named:
        return named
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _likeliest(body[:_SAMPLE])
    return "utf-8"


def _likeliest(sample: bytes) -> str:
    best, top = "iso-8859-1", _ENOUGH
    for name in _MULTIBYTE:
        score = _score(sample, name)
        if score > top:
            best, top = name, score
    return best


def _score(sample: bytes, name: str) -> float:
    """The share of frequent characters among the wide ones; a sample cut inside a character is no fault."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    wide = [char for char in text if char > "\x7f"]
    if not wide or any("\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f" for char in wide):
        return 0.0
    return sum(char in _COMMON for char in wide) / len(wide)
