"""People with their birth dates in a message: a line each, a form each, or one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.booking.roster import Member, member
from bot.dialogue.events import Problem
from nlu.dates import Found
from nlu.days import DateProblem
from nlu.kin import COUNTS, KIN
from nlu.names import announced_name, bare_name
from nlu.parts import as_typed
from nlu.spelling import Token, folded

MOST: Final = 30
"""People looked at in one message; no office takes as many."""

_LEAD = (
    KIN
    | frozenset(COUNTS)
    | folded(
        "tambah tambahkan tambahan lagi terus lalu kemudian juga plus dan sama untuk saya ganti "
        "anggota ke yang my and then also add another next berikut pertama kedua ketiga keempat "
        "kelima keenam ketujuh jadi menjadi harusnya seharusnya dengan to with nomor no atas nama "
        "name an punya milik booking for of batal daftar hapus"
    )
) - folded("ibu bapak kakak")  # forms of address, which names do without anyway


@dataclass(slots=True)
class Told:
    """What a message tells of people.

    Args:
        members: whose name and birth date are right.
        problems: birth dates that cannot be any.
        services: days to come, ISO, that belong to nobody's birth.
    """

    members: list[Member] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    services: list[str] = field(default_factory=list)


def told_in(
    tokens: Sequence[Token],
    text: str,
    dates: Sequence[Found],
    *,
    since: int = 0,
    partly: bool = False,
) -> Told:
    """The people in a message, a name and a birth date each.

    Args:
        since: token from which on they stand.
        partly: a name or a birth date alone counts too, the other being empty.
    """
    told = Told()
    dates = [date for date in dates if date.first >= since][:MOST]
    until = since
    for at, date in enumerate(dates):
        name = _name_before(tokens[until : date.first], text)
        until = date.until
        if not name:
            name, until = _name_after(tokens, text, dates, at)
        _tell(told, name, date, partly=partly)
    name = named_in(tokens[since:], text) if partly and not dates else ""
    if name:
        told.members.append(member(name, ""))
    return told


def named_in(tokens: Sequence[Token], text: str) -> str:
    """The one name among tokens that may say what the person is to whoever writes."""
    start, end = 0, len(tokens)
    while start < end and (not tokens[start].is_word or tokens[start].word in _LEAD):
        start += 1
    while end > start and (not tokens[end - 1].is_word or tokens[end - 1].word in _LEAD):
        end -= 1
    part = tokens[start:end]
    return announced_name(part, text) or bare_name(part, text, ())


def _tell(told: Told, name: str, date: Found, *, partly: bool) -> None:
    if not name and not isinstance(date.service, DateProblem):
        told.services.append(date.service.isoformat())
    elif isinstance(date.birth, DateProblem):
        if name or partly:
            told.problems.append(Problem("birth_date", date.birth.value, as_typed(date.text)))
    elif name or partly:
        told.members.append(member(name, date.birth.isoformat()))


def _name_before(tokens: Sequence[Token], text: str) -> str:
    """The name before a date: on its line, or on a line of its own above."""
    for line in reversed(_lines(tokens)):
        if name := named_in(line, text):
            return name
    return ""


def _name_after(
    tokens: Sequence[Token], text: str, dates: Sequence[Found], at: int
) -> tuple[str, int]:
    """The name after the only date of a line, and where it ends."""
    date = dates[at]
    end = next((n for n in range(date.until, len(tokens)) if tokens[n].text == "\n"), len(tokens))
    first = max((n + 1 for n in range(date.first) if tokens[n].text == "\n"), default=0)
    others = any(first <= each.first < end for each in dates if each is not date)
    name = "" if others else named_in(tokens[date.until : end], text)
    return (name, end) if name else ("", date.until)


def _lines(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if token.text == "\n":
            lines.append([])
        else:
            lines[-1].append(token)
    return list(lines)
