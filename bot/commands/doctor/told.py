"""What a check says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
from rich.text import Text

from bot.console import Console

State = Literal["ok", "warning", "error"]

_STYLES = {"ok": "green", "warning": "yellow", "error": "red"}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing a check found. It holds no secret.

    Args:
        check: which one.
        said: what was found.
        do: how to mend it; empty where nothing is wrong.
    """

    check: str
    state: State
    said: str
    do: str = ""


def ok(check: str, said: str) -> Told:
    """Nothing is wrong."""
    return Told(check, "ok", said)


def warning(check: str, said: str, do: str) -> Told:
    """It works, but not for long or not for everybody."""
    return Told(check, "warning", said, do)


def error(check: str, said: str, do: str) -> Told:
    """It does not work."""
    return Told(check, "error", said, do)


def show(told: Sequence[Told], console: Console) -> None:
    """For people: a line a finding, and below it what to do."""
    for each in told:
        line = Text(f"{each.state:<8}", style=_STYLES[each.state])
        console.print(line + Text(f"{each.check:<13}{each.said}", style=""))
        if each.do:
            console.print(Text(f"{'':<21}→ {each.do}"))
    counted = {state: sum(each.state == state for each in told) for state in _STYLES}
    console.print(f"{counted['ok']} ok, {counted['warning']} warnings, {counted['error']} errors")


def as_json(told: Sequence[Told]) -> str:
    """For programs: a list of objects with ``check``, ``state``, ``said`` and ``do``."""
    return orjson.dumps(list(told), option=orjson.OPT_INDENT_2).decode()
