"""The bytes of a webhook → its JSON, whatever can be saved of it.

One bad character would otherwise lose a batch of a thousand messages, which Meta delivers again for
seven days, always with that character. So what a strict parser refuses is read once more,
leniently: half of a surrogate pair becomes U+FFFD, ``NaN`` and numbers of thousands of digits read
as nothing, what is nested too deep is cut off, and whatever stands around that is heard.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

import orjson

DEEPEST = 64
"""Levels kept of what is nested so deep that it cannot be parsed; Meta uses about a dozen."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DIGITS_KEPT = 40
_PADDING = " \t\r\n\0"

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


class UnreadableBody(ValueError):
    """A body that is no JSON object. Reading it again changes nothing."""


def read_body(body: bytes) -> list[dict[str, Any]]:
    """The object that a body holds, or the objects of a list of them.

    Raises:
        UnreadableBody: there is none.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = _leniently(body)
    if isinstance(document, dict):
        return [document]
    objects = [each for each in document if isinstance(each, dict)] if _is_list(document) else []
    if not objects:
        raise UnreadableBody("the webhook body is not a JSON object")
    return objects


def _is_list(document: Any) -> bool:
    return isinstance(document, list)


def _leniently(body: bytes) -> Any:
    text = _decoded(body).strip(_PADDING)
    try:
        return _paired(_parsed(text))
    except RecursionError:
        return _paired(_parsed(_shallow(text)))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, strict=False, parse_int=_whole, parse_constant=_nothing)
    except ValueError:
        raise UnreadableBody("the webhook body is not JSON") from None


def _decoded(body: bytes) -> str:
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, errors="replace")
    return body.decode(errors="replace")


def _shallow(text: str) -> str:
    """The text with ``null`` in the place of whatever is nested deeper than :data:`DEEPEST`."""
    kept: list[str] = []
    depth = copied = 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "[" | "{":
                depth += 1
                if depth == DEEPEST + 1:
                    kept += text[copied : token.start()], "null"
            case "]" | "}":
                if depth == DEEPEST + 1:
                    copied = token.end()
                depth -= 1
    if depth > DEEPEST:
        raise UnreadableBody("the webhook body is nested too deep")
    return "".join(kept) + text[copied:] if kept else text


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _DIGITS_KEPT else None


def _nothing(_: str) -> None:
    """What ``NaN`` and ``Infinity`` are worth."""


def _paired(value: Any) -> Any:
    """The same without halves of surrogate pairs, which no database and no answer could hold."""
    match value:
        case str():
            if not _SURROGATE.search(value):
                return value
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_paired(each) for each in value]
        case dict():
            return {_paired(key): _paired(each) for key, each in value.items()}
        case _:
            return value
