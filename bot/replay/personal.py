"""Where people are in a conversation's records, and what of them can be told by its looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

NAMES: Final = frozenset({"name", "person_name", "profile", "member_name", "owner"})
ADDRESSES: Final = frozenset({"address", "alamat"})
BORN: Final = frozenset({"birth_date", "born"})
CODES: Final = frozenset({"approval_code", "booking_code", "code"})
_PHONES: Final = frozenset({"phone", "sender"})
_LONGEST: Final = 80
"""No name has more characters."""

WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001 - as telephones write it

MONTHS: Final = {
    form: month
    for month, forms in enumerate(
        (
            ("januari", "january", "jan"),
            ("februari", "february", "pebruari", "feb", "peb"),
            ("maret", "march", "mar"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "june", "jun"),
            ("juli", "july", "jul"),
            ("agustus", "august", "agt", "agu", "ags", "aug"),
            ("september", "sept", "sep"),
            ("oktober", "october", "okt", "oct"),
            ("november", "nopember", "nov", "nop"),
            ("desember", "december", "des", "dec"),
        ),
        1,
    )
    for form in forms
}

_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
BIRTHS: Final = frozenset({"iso", "dated", "worded", "digits"})
"""Groups of :func:`looks_personal` that may be a date."""

_LOOKS: Final = (
    r"(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<hex>(?<!\w)[0-9a-f]{64}(?!\w))"
    r"|(?P<code>(?<![A-Za-z0-9])(?:PREFIXES)"
    r"(?:[ \-_.\u2010-\u2015]?[0-9A-Za-z]){10}(?![A-Za-z0-9]))"
    r"|(?P<iso>(?<!\d)\d{4}-\d{2}-\d{2}(?!\d))"
    r"|(?P<dated>(?<!\d)\d{1,2}(?P<between>[ ./-])\d{1,2}(?P=between)(?:\d{4}|\d{2})(?!\d))"
    rf"|(?P<worded>(?<!\d)\d{{1,2}}[ .-]{{0,2}}(?:{_MONTH})"
    r"(?:[ .,-]{0,2}(?:\d{4}|\d{2}))?(?!\w)"
    rf"|(?<!\w)(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\d))"
    r"|(?P<digits>(?<![\d#T])\+?\(?\d(?:[ .()\-]{0,2}\d){5,24}(?!\d)"
    r"|(?<!\d)\d{6,25}(?!\d))"
)


@lru_cache
def looks_personal(prefixes: frozenset[str]) -> re.Pattern[str]:
    """What tells by its looks that it may be somebody's, in groups by kind.

    Args:
        prefixes: of booking codes.
    """
    either = "|".join(sorted(prefixes)) or r"(?!)"
    return re.compile(_LOOKS.replace("PREFIXES", either), re.IGNORECASE)


def personal_in(records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What is personal in records: a kind (``names``, ``births`` …), and it."""
    for record in records:
        for action in record.get("actions", ()):
            yield from _in_values(action.get("values", {}))
        yield from _in_values(record.get("heard", {}))
        for entity in record.get("understood", {}).get("entities", ()):
            yield from _in_values({entity["type"]: entity["value"]})
            if entity["type"] == "members" and isinstance(entity["value"], list):
                yield from _in_values({"members": entity["value"]})
        text = str(record.get("message", {}).get("text", ""))
        yield from (
            ("email", found[0]) for found in re.finditer(r"[\w.+-]+@[\w-]+\.[\w.-]*\w", text)
        )
        yield from (("nik", found[0]) for found in re.finditer(r"(?<!\d)\d{16}(?!\d)", text))


def names_in(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """Names and addresses in records, as they are written there."""
    return {fact for kind, fact in personal_in(records) if kind in {"names", "addresses"}}


def spans_of(record: Mapping[str, Any]) -> list[str]:
    """The parts of a message that were read as a name or an address."""
    entities = record.get("understood", {}).get("entities", ())
    named = [each for each in entities if each["type"] in NAMES | ADDRESSES]
    texts = [str(each[part]) for each in named for part in ("value", "text") if each.get(part)]
    return [each for each in texts if not re.search(r"[#\d]", each) or len(each) < _LONGEST]


def read_in(record: Mapping[str, Any]) -> list[str]:
    """The parts of a message that were read as neither a name nor an address."""
    entities = record.get("understood", {}).get("entities", ())
    others = [each for each in entities if each["type"] not in NAMES | ADDRESSES]
    return [str(each["text"]) for each in others if each.get("text")]


def _in_values(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case Mapping():
            for name, each in value.items():
                yield from _in_values(each, str(name))
        case list() | tuple():
            for each in value:
                yield from _in_values(each, key)
        case str() if value.strip():
            yield from _told(key, value)


def _told(key: str, value: str) -> Iterator[tuple[str, str]]:
    if key in NAMES and len(value) < _LONGEST:
        yield "names", value
    elif key in ADDRESSES:
        yield "addresses", value
    elif key in CODES:
        yield "codes", value
    elif key in _PHONES and re.search(r"\d{8}", value):
        yield "numbers", value
    elif key in BORN:
        try:
            yield "births", date.fromisoformat(value).isoformat()
        except ValueError:
            return
