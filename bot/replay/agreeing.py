"""Whether values are as written: the part that is written counts, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.document import Loc


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A value that is not as written.

    Args:
        loc: the way to it.
        message: what it is, and what is written.
        actual: what it is.
    """

    loc: Loc
    message: str
    actual: Any = None


def disagreements(written: Any, actual: Any, loc: Loc = ()) -> Iterator[Disagreement]:
    """Every part of ``written`` that ``actual`` does not have so.

    A mapping may have more keys than are written; a list must be the same. Dates and numbers are
    compared as they are written: ``2026-11-24`` is the text ``'2026-11-24'``, ``1`` is ``'1'``.
    """
    if isinstance(written, Mapping) and isinstance(actual, Mapping):
        for key, value in written.items():
            yield from disagreements(value, part_of(actual, str(key)), (*loc, key))
    elif _is_list(written) and _is_list(actual) and len(written) == len(actual):
        for at, (value, other) in enumerate(zip(written, actual, strict=True)):
            yield from disagreements(value, other, (*loc, at))
    elif plain(written) != plain(actual):
        name = ".".join(map(str, loc))
        message = f"{name} is {shown(actual)}, not {shown(written)}"
        yield Disagreement(loc, message, plain(actual))


def part_of(value: Any, path: str) -> Any:
    """The part of a value that a dotted path leads to; ``None`` where it leads nowhere."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif _is_list(value) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def plain(value: Any) -> Any:
    """A value as text, which is how two ways to write it are the same."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if _is_list(value):
        return [plain(each) for each in value]
    if value is None or isinstance(value, bool):
        return value
    return value.isoformat() if isinstance(value, date | time) else str(value)


def shown(value: Any) -> str:
    """A value as people read it."""
    return "nothing" if value is None else repr(plain(value))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
