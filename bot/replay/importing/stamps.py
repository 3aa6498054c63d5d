"""What a line of an exported chat may begin with: a date, a time, and how they are set off.

WhatsApp writes date and time as the phone's language has them, so the forms are countless
(``20/08/24 14.30 - ``, ``[8/20/24, 2:30:15 PM] ``, ``13.6.2018 klo 21.25 - ``,
``2024년 8월 20일 오후 2:30, ``), but a file has one only. A :class:`Shape` is what they share.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import Final

from bot.replay.importing.halfday import hour_of, is_half, pattern
from bot.replay.importing.signs import after, plain

HEAD: Final = 90
"""Signs of a line in which a stamp must end."""

_HALF = pattern()
_DASHES: Final = {0x2013: "-", 0x2014: "-"}
_MONTHS: Final[Mapping[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari",
            "feb february februari peb",
            "mar march maret",
            "apr april",
            "may mei",
            "jun june juni",
            "jul july juli",
            "aug august agustus agu agt ags",
            "sep sept september",
            "oct october oktober okt",
            "nov november nop nopember",
            "dec december desember des",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMBERS = (
    r"(?P<a>\d{1,4})(?P<sep>[./-]|\. |년 ?|年)(?P<b>\d{1,2})(?:[./-]|\. |월 ?|月)(?P<c>\d{1,4})"
    r"(?:일|日|\.(?=[ ,]))?"
)
_WEEKDAY = r"(?:[^\W\d_]{2,10},? )?"
_DAY_FIRST = rf"{_WEEKDAY}(?P<d1>\d{{1,2}})[ ./-](?P<m1>{_MONTH})\.?,?[ /-](?P<y1>\d{{4}}|\d{{2}})"
_MONTH_FIRST = rf"{_WEEKDAY}(?P<m2>{_MONTH})\.? (?P<d2>\d{{1,2}}), ?(?P<y2>\d{{4}})"
_TIME = (
    r"(?P<hour>\d{1,2})(?P<tsep>[:.]| ?h ?)(?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})| min (?P<sec>\d{2}) s)?(?: ?ч\.)?"
    rf"(?: ?(?P<half>{_HALF})\.?(?!\w))?(?: (?:WIB|WITA|WIT)\b)?"
)
_DATE = rf"(?:{_NUMBERS}|{_DAY_FIRST}|{_MONTH_FIRST})"
_STAMP = re.compile(
    rf"(?P<open>\[)?{_DATE}"
    r"(?P<gap>[,،]? ?(?:[^\W\d_]{1,7}\.?,?:? ?){0,2})"
    rf"{_TIME}"
    r"(?P<close> ?\](?: ?[-\u2013\u2014])?:?(?: |$)| ?[-\u2013\u2014](?: |$)|:(?: |$)|, | )",
    re.IGNORECASE,
)

_COPIED = re.compile(
    rf"(?P<open>\[){_TIME}(?P<gap>,) {_DATE}(?P<close>\](?: |$))",
    re.IGNORECASE,
)
"""As messages are that were copied from WhatsApp's pages in a browser: ``[14.30, 20/8/2024] ``."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the stamps of one file have in common; a line that has it otherwise is no header.

    Args:
        bracketed: as on phones from Apple.
        separator: between the numbers of the date; ``month`` where the month is a word.
        year_at: where four digits stand, 0 to 2; -1 for none.
        gap: what is between date and time, without a part of the day.
        time_separator: between hour and minute.
        has_seconds: whether there are seconds.
        has_half: whether there is AM or PM, in whatever words.
        close: what ends the stamp.
    """

    bracketed: bool
    separator: str
    year_at: int
    gap: str
    time_separator: str
    has_seconds: bool
    has_half: bool
    close: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """The beginning of a line, if it may be a message's.

    Args:
        date: its three numbers as they stand there, the month's for its name.
        clock: hour, minute, second.
        half: AM or PM as written; empty for none.
        written: date and hour digit by digit, to see which of them have a zero in front.
        rest: what follows it: sender and text, or WhatsApp's own words.
    """

    shape: Shape
    date: tuple[int, int, int]
    clock: time
    half: str
    written: tuple[str, str, str, str]
    rest: str


def stamp_of(line: str) -> Stamp | None:
    """The stamp a line begins with; ``None`` if there is none, or its time is none."""
    head = plain(line[:HEAD])
    if not any(map(str.isdigit, head[:20])):
        return None
    copied = _COPIED.match(head)
    match = copied or _STAMP.match(head)
    if match is None or bool(match["open"]) != ("]" in match["close"]):
        return None
    before, gap = _part_of_day(match["gap"])
    half = match["half"] or before
    try:
        clock = time(
            hour_of(int(match["hour"]), half),
            int(match["minute"]),
            int(match["second"] or match["sec"] or 0),
        )
    except ValueError:
        return None
    written, separator = _date(match)
    try:
        year_at = next((at for at, digits in enumerate(written) if len(digits) > 2), -1)  # noqa: PLR2004 - of a year
        a, b, c = (_MONTHS.get(part.lower()) or int(part) for part in written)
    except ValueError:  # digits that are none, as ² is
        return None
    shape = Shape(
        bracketed=bool(match["open"]),
        separator=separator,
        year_at=2 if separator == "month" else year_at,
        gap="time first" if copied else gap,
        time_separator=match["tsep"].strip(),
        has_seconds=bool(match["second"] or match["sec"]),
        has_half=bool(half),
        close=match["close"].strip().translate(_DASHES),
    )
    rest = after(line, match.end())
    return Stamp(shape, (a, b, c), clock, half, (*written, match["hour"]), rest)


def _date(match: re.Match[str]) -> tuple[tuple[str, str, str], str]:
    """The three parts of a date in their order, and what is between them."""
    if match["a"]:
        return (match["a"], match["b"], match["c"]), match["sep"].strip()
    if match["d1"]:
        return (match["d1"], match["m1"], match["y1"]), "month"
    return (match["d2"], match["m2"], match["y2"]), "month"


@lru_cache(maxsize=256)
def _part_of_day(gap: str) -> tuple[str, str]:
    """A part of the day among the words before the time, and the rest of them."""
    words = gap.split()
    half = next((word for word in words if _comes_first(word)), "")
    return half, " ".join(word for word in words if word != half).lower()


def _comes_first(word: str) -> bool:
    """Whether it names a part of the day where that is said before the hour: in Korea or China."""
    return is_half(word) and (not word.isascii() or word.lower() in {"am", "pm"})
