"""Dates in Indonesian chat: ``05-01-2027``, ``17 ags 90``, ``tgl 5``, ``kamis minggu depan``.

A small grammar of our own over tokens; every matcher looks a few tokens ahead, so the whole is
linear in the length of the text. A month's name counts only beside a day's number: Mei, Juni and
Agus are also people. A date that does not exist is found too, so that the answer can name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nlu.days import DateProblem, Day, Kind
from nlu.phrases import BIRTH_LABELS, FILLERS, SERVICE_LABELS, VOCATIVES
from nlu.spelling import Token, clean, folded, tokenise
from nlu.spoken import as_digits
from nlu.weekdays import STARTS as RELATIVE_STARTS
from nlu.weekdays import match_relative, skip_weekday
from nlu.written import STARTS as WRITTEN_STARTS
from nlu.written import Hit, match_written

_STARTS = WRITTEN_STARTS | RELATIVE_STARTS
_ASIDE = (
    folded(
        "hari pada bulan tahun untuk di tgllahir tanggallahir tgllayanan tanggallayanan "
        "tglkedatangan tempat date day of on for kunjungan hadir rencana jadi"
    )
    | BIRTH_LABELS
    | SERVICE_LABELS
    | FILLERS
    | VOCATIVES
    | {"tanggal"}
)
_CLOCK = folded("jam pukul at")
_IN_HOURS = frozenset(".:")
_HOURS = _CLOCK | folded("pagi siang sore wib wita wit morning afternoon bisa boleh aja saja dong")
_ASIDE_SIGNS = frozenset(".,:;()[]\"'-*_=\n")


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text, read both ways.

    Args:
        text: as written.
        start, end: where, in characters.
        first, until: where, in tokens.
        service: the date as a service date, or why it cannot be one.
        birth: the date as a birth date, or why it cannot be one.
        year: as written, of four digits; 0 when it was not.
        day: the date a written year makes it, also one too far off for either reading.
    """

    text: str
    start: int
    end: int
    first: int
    until: int
    service: Day
    birth: Day
    year: int = 0
    day: date | None = None

    def read(self, kind: Kind) -> Day:
        """The reading as ``kind``."""
        return self.service if kind == "service" else self.birth


def find_dates(text: str, today: date) -> list[Found]:
    """Every date in a text, in order.

    Args:
        text: as :func:`nlu.spelling.clean` leaves it.
        today: at the office.
    """
    return dates_in(tokenise(text), text, today)


def parse_date(text: str, today: date, *, kind: Kind) -> Day:
    """A text that should be one date and nothing else."""
    text = clean(text)
    tokens = tokenise(text)
    found = dates_in(tokens, text, today)
    if not found:
        digits = text.strip(" *_\"'.")
        if digits.isascii() and digits.isdigit() and len(digits) in {6, 8}:
            return DateProblem.NO_SUCH_DATE
        return DateProblem.NOT_A_DATE
    rest = tokens[: found[0].first] + tokens[found[0].until :]
    # "Bandung, 17-08-1990" is how forms ask for place and date of birth.
    aside = kind == "birth" and all(t.is_word or t.word in _ASIDE_SIGNS for t in rest)
    if len(found) > 1 or not (
        aside or all(t.word in _ASIDE or t.word in _ASIDE_SIGNS for t in rest)
    ):
        return DateProblem.NOT_A_DATE
    return found[0].read(kind)


def is_only_days(text: str, today: date) -> bool:
    """Whether a text says when and nothing else: ``besok jam 8``, ``kamis depan pagi ya``."""
    tokens = tokenise(clean(text))
    found = dates_in(tokens, text, today)
    when = {at for each in found for at in range(each.first, each.until)}
    when |= set(_hours(tokens))
    rest = [token.word for at, token in enumerate(tokens) if at not in when]
    return bool(found) and all(
        word in _ASIDE or word in _HOURS or not word.isalnum() for word in rest
    )


def _hours(tokens: Sequence[Token]) -> Iterator[int]:
    """Where the numbers of an hour stand: ``jam 8``, ``pukul 08.30``."""
    inside = False
    for at, token in enumerate(tokens):
        inside = token.word in _CLOCK or (inside and (token.is_number or token.text in _IN_HOURS))
        if inside:
            yield at


def dates_in(tokens: Sequence[Token], text: str, today: date) -> list[Found]:
    """As :func:`find_dates`, for a text already cut up."""
    found: list[Found] = []
    tokens, origin = as_digits(tokens)
    at = 0
    while at < len(tokens):
        begins = tokens[at].is_number or tokens[at].word in _STARTS
        after_date = bool(found) and found[-1].until == origin[at] - 1
        hit = _match(tokens, at, today, after_date=after_date) if begins else None
        if hit is None:
            at += 1
            continue
        start, end = tokens[at].start, tokens[hit.end - 1].end
        written = text[start:end]
        first, until = origin[at], origin[hit.end]
        found.append(
            Found(written, start, end, first, until, hit.service, hit.birth, hit.year, hit.day)
        )
        at = hit.end
    return found


def _match(tokens: Sequence[Token], at: int, today: date, *, after_date: bool) -> Hit | None:
    """The date that starts at token ``at``; ``Senin, tgl 4 Januari`` starts at its weekday."""
    written_at, weekday = skip_weekday(tokens, at)
    written = match_written(tokens, written_at, today, after_date=after_date)
    if written:
        day = written.service
        if weekday is not None and isinstance(day, date) and day.weekday() != weekday:
            return replace(written, service=DateProblem.OTHER_WEEKDAY)
        return written
    relative = match_relative(tokens, at, today)
    return Hit(*relative) if relative else None
