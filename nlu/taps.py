"""What a tapped button sends back: ``/intent{"entity": "value"}``, as ``reply.payload`` writes it.

Payloads come from outside, and in Rasa's REST channel as plain text, so anybody can type one:
everything in them is checked, and one wrong thing makes the whole not understood. Of an entity no
rule here knows (a clinic's ``doctor``) only the shape is checked, a short scalar under a plain
name; what it may hold is the business of the slot it fills and of the action that uses it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final, NoReturn

from bot.dialogue.events import NOTHING_UNDERSTOOD, Entity, Scalar, Understood
from nlu.names import NameProblem, check_name
from nlu.vocabulary import UNTAPPABLE

MAX_LENGTH: Final = 1024
MAX_VALUE_LENGTH: Final = 200
MAX_NAME_LENGTH: Final = 40
"""Characters of an intent or of an entity's type."""

MAX_NUMBER: Final = 2**63
"""What a database can keep."""

_PAYLOAD = re.compile(rf"/([a-z][a-z0-9_]{{0,{MAX_NAME_LENGTH - 1}}})(\{{.*\}})?", re.DOTALL)
_KIND = re.compile(rf"[a-z][a-z0-9_]{{0,{MAX_NAME_LENGTH - 1}}}")
_CODE = re.compile(r"[A-Z]{3}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}")


def read_tap(text: str) -> Understood:
    """The intent and entities of a payload; ``NOTHING_UNDERSTOOD`` when anything is wrong."""
    match = _PAYLOAD.fullmatch(text.strip()) if len(text) <= MAX_LENGTH else None
    if match is None or match[1] in UNTAPPABLE:
        return NOTHING_UNDERSTOOD
    try:
        values = json.loads(match[2] or "{}", parse_constant=_refused)
    except (ValueError, RecursionError):
        return NOTHING_UNDERSTOOD
    if not all(_is_right(kind, value) for kind, value in values.items()):
        return NOTHING_UNDERSTOOD
    entities = tuple(Entity(kind, value, str(value)) for kind, value in values.items())
    return Understood(match[1], entities=entities)


def _is_right(kind: str, value: Any) -> bool:
    """Whether an entity's value is of its type."""
    if not isinstance(value, str | int | float) or len(str(value)) > MAX_VALUE_LENGTH:
        return False
    check = _CHECKS.get(kind)
    return check(value) if check else _KIND.fullmatch(kind) is not None and _is_plain(value)


def _is_plain(value: Scalar) -> bool:
    """Whether it is one a database and a line of text can hold."""
    if isinstance(value, str):
        return value.isprintable() and bool(value.strip())
    return value is not None and abs(value) < MAX_NUMBER


def _is_date(value: Scalar) -> bool:
    try:
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


def _is_name(value: Scalar) -> bool:
    return isinstance(value, str) and not isinstance(check_name(value), NameProblem)


def _is_option(value: Scalar) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _matches(pattern: str) -> Callable[[Scalar], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


_CHECKS: dict[str, Callable[[Scalar], bool]] = {
    "person_name": _is_name,
    "birth_date": _is_date,
    "service_date": _is_date,
    "option_number": _is_option,
    "approval_code": _matches("[0-9]{8}"),
    "booking_code": _matches(_CODE.pattern),
    "phone": _matches("[1-9][0-9]{7,14}"),
    "nik": _matches("[0-9]{16}"),
    "language": _matches("[a-z]{2}"),
    "members": lambda _: False,  # only what was read in a text is believed
    "people_count": _is_option,
    "office": _matches("[a-z][a-z0-9_]{0,39}"),
}
