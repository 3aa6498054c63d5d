"""Days told from today: ``besok``, ``3 hari lagi``, ``senin depan``, ``kamis minggu depan``.

``minggu`` is both week and Sunday: it is Sunday after ``hari``, before a time of day or a full
date, or alone; ``minggu depan`` alone names no day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from nlu.days import Day, days_from, next_weekday, weekday_after, weekday_of_week
from nlu.spelling import Token, fold, word_at

_WEEKDAY_NAMES = (
    "senin senen monday",
    "selasa slasa salasa tuesday",
    "rabu rebo wednesday",
    "kamis kemis thursday",
    "jumat jumaat jumuah jemuah friday",
    "sabtu saptu saturday",
    "ahad ngahad sunday",
)
_WEEKDAYS = {fold(name): n for n, names in enumerate(_WEEKDAY_NAMES) for name in names.split()}
_SUNDAY: Final = 6
_WEEK_WORDS = frozenset({"minggu", "pekan"})
_FILLERS = frozenset({"saja", "ya", "deh", "pak", "bu", "kak", "min"})
_TIMES_OF_DAY = frozenset({"pagi", "siang", "sore"})

_PHRASES = {
    "hari ini": 0,
    "today": 0,
    "dinten niki": 0,
    "besok": 1,
    "tomorrow": 1,
    "tomorow": 1,
    "lusa": 2,
    "pageto": 2,
    "besok lusa": 2,
    "day after tomorrow": 2,
    "sehari lagi": 1,
    "seminggu lagi": 7,
    "sepekan lagi": 7,
}
_RELATIVE = sorted(
    ((tuple(fold(word) for word in phrase.split()), days) for phrase, days in _PHRASES.items()),
    key=lambda entry: -len(entry[0]),
)
_RELATIVE_STARTS = frozenset(phrase[0] for phrase, _ in _RELATIVE)

_COUNTS = {
    fold(name): n
    for n, names in enumerate(
        ("satu siji", "dua loro", "tiga telu", "empat", "lima", "enam", "tujuh", "delapan",
         "sembilan", "sepuluh"), 1)
    for name in names.split()
}  # fmt: skip
_UNIT_DAYS = {"hari": 1, "minggu": 7, "pekan": 7}
_MAX_COUNT_DIGITS = 3

STARTS = _RELATIVE_STARTS | _WEEK_WORDS | {"hari", "next"} | _WEEKDAYS.keys() | _COUNTS.keys()
"""Words a day told from today may begin with, and any date that its weekday stands before."""


def skip_weekday(tokens: Sequence[Token], at: int) -> int:
    """Past ``hari Senin,`` when it stands there: what follows may be the full date."""
    next_at = at + (word_at(tokens, at) == "hari")
    if _weekday(tokens, next_at, sunday=True) is None:
        return at
    return next_at + 1 + (word_at(tokens, next_at + 1) == ",")


def match_relative(tokens: Sequence[Token], at: int, today: date) -> tuple[int, Day] | None:
    """The day told from today that starts at ``at``: where it ends, and the day."""
    return (
        _counted(tokens, at, today)
        or _week_then_day(tokens, at, today)
        or _named(tokens, at, today)
        or _phrase(tokens, at, today)
    )


def _phrase(tokens: Sequence[Token], at: int, today: date) -> tuple[int, Day] | None:
    if word_at(tokens, at) not in _RELATIVE_STARTS:
        return None
    for phrase, days in _RELATIVE:
        end = at + len(phrase)
        if tuple(token.word for token in tokens[at:end]) == phrase:
            weekday = _weekday(tokens, end, sunday=False) if phrase == ("besok",) else None
            if weekday is not None:  # "besok Senin": the coming Monday, as often as tomorrow
                return end + 1, weekday_after(weekday, today)
            return end, days_from(today, days)
    return None


def _counted(tokens: Sequence[Token], at: int, today: date) -> tuple[int, Day] | None:
    """``3 hari lagi``, ``dua minggu lagi``."""
    if word_at(tokens, at + 2) != "lagi":
        return None
    unit = _UNIT_DAYS.get(word_at(tokens, at + 1))
    digits = tokens[at].text if tokens[at].is_number else ""
    if unit is None or len(digits) > _MAX_COUNT_DIGITS:
        return None
    count = int(digits) if digits else _COUNTS.get(tokens[at].word)
    return None if count is None else (at + 3, days_from(today, count * unit))


def _week_then_day(tokens: Sequence[Token], at: int, today: date) -> tuple[int, Day] | None:
    """``minggu depan hari Kamis``."""
    ahead = _week(tokens, at)
    if ahead is None:
        return None
    day_at = at + 2 + (word_at(tokens, at + 2) == "hari")
    weekday = _weekday(tokens, day_at, sunday=day_at > at + 2)
    if weekday is None:
        return None
    return day_at + 1, weekday_of_week(weekday, today, weeks_ahead=ahead)


def _named(tokens: Sequence[Token], at: int, today: date) -> tuple[int, Day] | None:
    """``hari Kamis``, ``Kamis depan``, ``Kamis minggu depan``, ``next Thursday``."""
    coming = word_at(tokens, at) == "next"
    named_day = word_at(tokens, at) == "hari"
    day_at = at + (coming or named_day)
    weekday = _weekday(tokens, day_at, sunday=named_day or _is_sunday(tokens, day_at))
    if weekday is None:
        return None
    ahead = _week(tokens, day_at + 1)
    if ahead is not None:
        return day_at + 3, weekday_of_week(weekday, today, weeks_ahead=ahead)
    follower = word_at(tokens, day_at + 1)
    if coming or follower in {"depan", "besok"}:
        return day_at + 1 + (not coming), weekday_after(weekday, today)
    return day_at + 1 + (follower == "ini"), next_weekday(weekday, today)


def _week(tokens: Sequence[Token], at: int) -> int | None:
    """Weeks ahead that ``minggu ini`` and ``minggu depan`` tell."""
    if word_at(tokens, at) not in _WEEK_WORDS:
        return None
    return {"ini": 0, "depan": 1}.get(word_at(tokens, at + 1))


def _is_sunday(tokens: Sequence[Token], at: int) -> bool:
    """Whether a bare ``minggu`` is the day: alone in the message or before a time of day."""
    if at and tokens[at - 1].is_number:  # "2 minggu" are weeks
        return False
    words = sum(token.is_word and token.word not in _FILLERS for token in tokens[:8])
    return words == 1 or word_at(tokens, at + 1) in _TIMES_OF_DAY


def _weekday(tokens: Sequence[Token], at: int, *, sunday: bool) -> int | None:
    word = word_at(tokens, at)
    if word == "minggu":
        return _SUNDAY if sunday else None
    return _WEEKDAYS.get(word)
