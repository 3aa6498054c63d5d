"""People with their birth dates in a message: a line each, a form each, or one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.booking.roster import Member, member
from bot.dialogue.events import Problem
from nlu.dates import Found
from nlu.days import DateProblem
from nlu.introductions import announced_name
from nlu.kin import COUNTS, KIN, SELF, SPEAKING, relative_in
from nlu.names import NameProblem, bare_name
from nlu.parts import as_typed
from nlu.spelling import Token, folded
from nlu.words import PERIPHERAL

MOST: Final = 30
"""People looked at in one message; no office takes as many."""

_LEAD = (
    SPEAKING
    | PERIPHERAL
    | frozenset(COUNTS)
    | folded(
        "tambah tambahkan tambahin tambahan nambah sekalian ikut lagi terus lalu kemudian juga "
        "plus dan sama untuk saya ganti "
        "anggota ke yang my and then also add another next is are adalah yaitu bernama called "
        "berikut pertama kedua ketiga keempat kelima keenam ketujuh jadi menjadi harusnya "
        "seharusnya should be dengan to with nomor no atas nama name an punya milik booking for of "
        "batal hapus paspor perpanjang antrean si"
    )
) - folded("ibu bapak kakak")  # forms of address, which names do without anyway


@dataclass(slots=True)
class Told:
    """What a message tells of people.

    Args:
        members: whose name and birth date are right.
        problems: birth dates that cannot be any, and names that cannot be read.
        services: days to come, ISO, that belong to nobody's birth.
        relation: what the first of them is to whoever writes (``anak saya Adi``), if that is said.
        unborn: names whose birth date cannot be any.
        with_owner: whether whoever writes is among them (``saya Budi``), and so comes first.
    """

    members: list[Member] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    unborn: list[str] = field(default_factory=list)
    relation: str = ""
    with_owner: bool = False


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
    dates = [
        date
        for at, date in enumerate(dates)
        if date.first >= since and not _is_item(tokens, date, dates[at + 1 : at + 2])
    ][:MOST]
    until, line_end, dates_lead = since, -1, False
    for at, date in enumerate(dates):
        lead = tokens[until : date.first]
        name = _name_before(lead, text, after_date=until > since)
        until = date.until
        if date.first > line_end:
            line_end = _line_end(tokens, date)
            dates_lead = not name and _dates_lead(tokens[:line_end], text, dates[at:])
        if not name and dates_lead:
            until = min([each.first for each in dates[at + 1 : at + 2]] + [line_end])
            name = named_in(tokens[date.until : until], text, with_place=True)
        _tell(told, name, date, lead, partly=partly)
    name = named_in(tokens[since:], text) if partly and not dates else ""
    if name:
        told.members.append(member(name, ""))
    return told


def named_in(tokens: Sequence[Token], text: str, *, with_place: bool = False) -> str:
    """The one name among tokens that may say what the person is to whoever writes.

    Args:
        with_place: as for :func:`~nlu.names.bare_name`.
    """
    start, end = 0, len(tokens)
    while start < end and (not tokens[start].is_word or tokens[start].word in _LEAD):
        start += 1
    while end > start and (not tokens[end - 1].is_word or tokens[end - 1].word in _LEAD):
        end -= 1
    part = tokens[start:end]
    return announced_name(part, text) or bare_name(part, text, (), with_place=with_place)


def _tell(told: Told, name: str, date: Found, lead: Sequence[Token], *, partly: bool) -> None:
    unread = " ".join(token.text for token in lead if token.is_word)
    if not name and not isinstance(date.service, DateProblem):
        told.services.append(date.service.isoformat())
    elif unread and not name and not partly:  # rather asked about than left out
        told.problems.append(Problem("person_name", NameProblem.NOT_A_NAME.value, as_typed(unread)))
    elif isinstance(date.birth, DateProblem):
        if name or partly:
            told.problems.append(Problem("birth_date", date.birth.value, as_typed(date.text)))
            told.unborn.append(name)
    elif name or partly:
        _add(told, member(name, date.birth.isoformat()), [token.word for token in lead])


def _add(told: Told, person: Member, lead: Sequence[str]) -> None:
    """Add one of them, told of by the words of ``lead``; whoever writes goes to the front."""
    if not told.with_owner and SELF & set(lead) and not KIN & set(lead):
        told.with_owner = True
        told.members.insert(0, person)
        return
    if not told.members:
        told.relation = relative_in(lead)
    told.members.append(person)


def _name_before(tokens: Sequence[Token], text: str, *, after_date: bool) -> str:
    """The name before a date: on its line, or on a line of its own above.

    Args:
        after_date: another person's date stands before; up to a comma, words may be about them.
    """
    lines = _lines(tokens)
    comma = next((n for n, token in enumerate(lines[0]) if token.text in ",;"), 0)
    if after_date and comma:
        lines.insert(1, lines[0][comma:])
    for line in reversed(lines):
        if name := named_in(line, text, with_place=True):
            return name
    return ""


def _is_item(tokens: Sequence[Token], date: Found, following: Sequence[Found]) -> bool:
    """Whether a date is the number of a line and a name: ``2. Mei, 3-5-2019``."""
    numbered = tokens[date.first].is_number and date.until > date.first + 1
    numbered = numbered and tokens[date.first + 1].text in ".)"
    begins = date.first == 0 or tokens[date.first - 1].text == "\n"
    if date.year or not numbered or not begins:
        return False
    return any(
        all(token.text != "\n" for token in tokens[date.until : each.first]) for each in following
    )


def _line_end(tokens: Sequence[Token], date: Found) -> int:
    """The line break after a date, or the end."""
    return next((n for n in range(date.until, len(tokens)) if tokens[n].text == "\n"), len(tokens))


def _dates_lead(line: Sequence[Token], text: str, dates: Sequence[Found]) -> bool:
    """Whether names follow their dates on the line that ends with these tokens."""
    last = [date for date in dates if date.until <= len(line)][-1]
    return bool(named_in(line[last.until :], text, with_place=True))


def _lines(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if token.text == "\n":
            lines.append([])
        else:
            lines[-1].append(token)
    return list(lines)
