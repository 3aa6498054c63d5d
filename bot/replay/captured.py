"""Values a recording takes from what happened, and where it uses them: ``{{ code }}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator

from bot.document import Loc, Part
from bot.replay.agreeing import part_of, plain
from bot.replay.pattern import Pattern, TooSlowError, search

P = TypeVar("P", bound=Part)

_USED: Final = re.compile(r"\{\{\s*([a-z_][a-z0-9_]*)\s*\}\}")
_PATH: Final = re.compile(r"(booking|slots)\.[\w.]+|state|flow|language")

_PATTERNS: Final = "matches"
"""The key whose text is a regular expression: a value stands in it for itself."""


def _source(value: str) -> str:
    if not _PATH.fullmatch(value) and re.compile(value).groups != 1:
        raise ValueError(
            "write a regular expression with one group around what is wanted, such as "
            r"'Kode booking: \*(.+)\*', or where it is kept: booking.code, slots.name, state"
        )
    return value


Source = Annotated[Pattern, AfterValidator(_source)]
"""Where a captured value comes from: a pattern with one group, or the way to a stored value."""


def captured(source: str, texts: Sequence[str], seen: Mapping[str, Any]) -> str | None:
    """The value of a source; ``None`` when there is none.

    Args:
        texts: of the turn's messages.
        seen: how things stand: :func:`bot.replay.expecting.seen`.
    """
    if _PATH.fullmatch(source):
        value = part_of(seen, source)
        return None if value is None else str(plain(value))
    try:
        found = next((match for text in texts if (match := search(source, text))), None)
    except TooSlowError:
        return None
    return found[1] if found else None


def filled(part: P, values: Mapping[str, str]) -> P:
    """``part`` with captured values in place of their names."""

    def fill(text: str, loc: Loc) -> str:
        def value(found: re.Match[str]) -> str:
            known = values.get(found[1], found[0])
            return re.escape(known) if _PATTERNS in loc else known

        return _USED.sub(value, text)

    changed: P = _mapped(part, fill, ()) if values else part
    return changed


def recoded(part: P, codes: Mapping[str, str]) -> P:
    """``part`` with other codes in the places of these, however they are written there."""

    def recode(text: str, _: Loc) -> str:
        for code, other in codes.items():
            bare = re.sub(r"[^0-9A-Za-z]", "", code)
            written = r"[ \-_.]?".join(bare)
            text = re.sub(
                rf"(?<![0-9A-Za-z]){written}(?![0-9A-Za-z])", other, text, flags=re.IGNORECASE
            )
        return text

    changed: P = _mapped(part, recode, ()) if codes else part
    return changed


def used_in(part: Part) -> Iterator[tuple[Loc, str]]:
    """The names used somewhere in ``part``, each with the way to it."""
    found: list[tuple[Loc, str]] = []

    def note(text: str, loc: Loc) -> str:
        found.extend((loc, name) for name in _USED.findall(text))
        return text

    _mapped(part, note, ())
    yield from found


def named_in(text: str) -> frozenset[str]:
    """The names used in a text."""
    return frozenset(_USED.findall(text))


def _mapped(value: Any, change: Callable[[str, Loc], str], loc: Loc) -> Any:
    """``value`` with every text in it changed; the same object where none is."""
    match value:
        case str():
            return change(value, loc)
        case Part():
            fields = type(value).model_fields
            new = {
                name: _mapped(getattr(value, name), change, (*loc, fields[name].alias or name))
                for name in value.model_fields_set
            }
            other = {name: each for name, each in new.items() if each is not getattr(value, name)}
            return value.model_copy(update=other) if other else value
        case Mapping():
            new = {key: _mapped(each, change, (*loc, key)) for key, each in value.items()}
            return new if any(new[key] is not value[key] for key in new) else value
        case tuple() | list():
            listed = [_mapped(each, change, (*loc, at)) for at, each in enumerate(value)]
            same = all(new is old for new, old in zip(listed, value, strict=True))
            return value if same else type(value)(listed)
    return value
