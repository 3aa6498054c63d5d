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
    "senin senen snin snen monday",
    "selasa slasa salasa seloso tuesday tue tues",
    "rabu rebo rbu wednesday wed",
    "kamis kemis kmis thursday thu thurs",
    "jumat jumaat jumuah jemuah jumah jmat jumaah friday fri",
    "sabtu saptu sbtu setu saturday",
    "ahad ngahad sunday",
)
_WEEKDAYS = {fold(name): n for n, names in enumerate(_WEEKDAY_NAMES) for name in names.split()}
_SUNDAY: Final = 6
_WEEK_WORDS = frozenset({"minggu", "pekan"})
_ENGLISH_WEEK = frozenset({"wek"})
"""``week``, folded."""

_NEAREST = frozenset({"this", "coming", "on"})
_FILLERS = frozenset({"saja", "ya", "deh", "pak", "bu", "kak", "min"})
_TIMES_OF_DAY = frozenset({"pagi", "siang", "sore"})

_PHRASES = {
    "hari ini": 0,
    "today": 0,
    "dinten niki": 0,
    "dinten puniki": 0,
    "dinten ieu": 0,
    "besok": 1,
    "enjing": 1,
    "tomorrow": 1,
    "tomorow": 1,
    "tommorow": 1,
    "tmrw": 1,
    "tmr": 1,
    "lusa": 2,
    "emben": 2,
    "besok emben": 2,
    "suk emben": 2,
    "pageto": 2,
    "besok lusa": 2,
    "day after tomorrow": 2,
    "sehari lagi": 1,
    "seminggu lagi": 7,
    "sepekan lagi": 7,
    "in a week": 7,
    "a week from now": 7,
}
_RELATIVE = sorted(
    ((tuple(fold(word) for word in phrase.split()), days) for phrase, days in _PHRASES.items()),
    key=lambda entry: -len(entry[0]),
)
_RELATIVE_STARTS = {
    first: [entry for entry in _RELATIVE if entry[0][0] == first]
    for first in {phrase[0] for phrase, _ in _RELATIVE}
}

_MORNING_GREETINGS = frozenset({"sugeng", "wilujeng"})
"""Before ``enjing``, which is tomorrow elsewhere."""

_COUNTS = {
    fold(name): n
    for n, names in enumerate(
        ("satu siji hiji one", "dua loro rong kalih two", "tiga telu telung tigang tilu three",
         "empat papat patang sekawan opat four", "lima limang gangsal five", "enam nem genep six",
         "tujuh pitu pitung seven", "delapan wolu wolung dalapan eight",
         "sembilan sanga sangang salapan nine", "sepuluh ten"), 1)
    for name in names.split()
}  # fmt: skip
_UNIT_DAYS = {"hari": 1, "days": 1, "day": 1, "minggu": 7, "pekan": 7, "weks": 7, "wek": 7}
_AFTER_COUNT: Final[dict[tuple[str, ...], int]] = {
    **{(word,): 1 for word in ("lagi", "malih", "maneh", "deui", "kedepan", "later", "depan")},
    ("ke", "depan"): 2,
    ("dari", "sekarang"): 2,
    ("from", "now"): 2,
}
_BEFORE_COUNT = frozenset({"in", "dalam"})
_MAX_COUNT_DIGITS = 3

STARTS = (
    _RELATIVE_STARTS.keys()
    | _WEEK_WORDS
    | _BEFORE_COUNT
    | _NEAREST
    | {"hari", "next"}
    | _WEEKDAYS.keys()
    | _COUNTS.keys()
)
"""Words a day told from today may begin with, and any date that its weekday stands before."""


def skip_weekday(tokens: Sequence[Token], at: int) -> tuple[int, int | None]:
    """Past ``hari Senin,`` when it stands there, and which day it is, Monday being 0: what follows
    may be the full date.
    """
    next_at = at + (word_at(tokens, at) == "hari")
    weekday = _weekday(tokens, next_at, sunday=True)
    if weekday is None:
        return at, None
    next_at += 1
    while word_at(tokens, next_at) in {",", "/", "-", "(", "the", "ini", "depan"}:
        next_at += 1
    return next_at, weekday


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
    if word_at(tokens, at) == "enjing" and at and tokens[at - 1].word in _MORNING_GREETINGS:
        return None
    for phrase, days in _RELATIVE_STARTS[tokens[at].word]:
        end = at + len(phrase)
        if tuple(token.word for token in tokens[at:end]) == phrase:
            weekday = _weekday(tokens, end, sunday=False) if phrase == ("besok",) else None
            if weekday is not None:  # "besok Senin": the coming Monday, as often as tomorrow
                return end + 1, weekday_after(weekday, today)
            return end, days_from(today, days)
    return None


def _counted(tokens: Sequence[Token], at: int, today: date) -> tuple[int, Day] | None:
    """``3 hari lagi``, ``dua minggu lagi``, ``in three days``."""
    led = word_at(tokens, at) in _BEFORE_COUNT
    at += led
    unit = _UNIT_DAYS.get(word_at(tokens, at + 1))
    if unit is None:
        return None
    digits = tokens[at].text if tokens[at].is_number else ""
    count = _COUNTS.get(tokens[at].word) if not digits else None
    if digits and len(digits) <= _MAX_COUNT_DIGITS:
        count = int(digits)
    after = (word_at(tokens, at + 2), word_at(tokens, at + 3))
    length = _AFTER_COUNT.get(after[:1]) or _AFTER_COUNT.get(after) or 0
    if count is None or not (led or length):
        return None
    return at + 2 + length, days_from(today, count * unit)


def _week_then_day(tokens: Sequence[Token], at: int, today: date) -> tuple[int, Day] | None:
    """``minggu depan hari Kamis``, ``next week on Thursday``."""
    ahead, day_at = _week(tokens, at)
    if ahead is None:
        return None
    while word_at(tokens, day_at) in {"di", "on", ","}:
        day_at += 1
    named = word_at(tokens, day_at) == "hari"
    weekday = _weekday(tokens, day_at + named, sunday=named)
    if weekday is None:
        return None
    return day_at + named + 1, weekday_of_week(weekday, today, weeks_ahead=ahead)


def _named(tokens: Sequence[Token], at: int, today: date) -> tuple[int, Day] | None:
    """``hari Kamis``, ``Kamis depan``, ``Kamis minggu depan``, ``next Thursday``."""
    first = word_at(tokens, at)
    coming, named_day = first == "next", first == "hari"
    day_at = at + (coming or named_day or first in _NEAREST)
    weekday = _weekday(tokens, day_at, sunday=named_day or _is_sunday(tokens, day_at))
    if weekday is None:
        return None
    after = day_at + 1
    while word_at(tokens, after) in {"of", "di", "the", "on"}:
        after += 1
    ahead, end = _week(tokens, after)
    if ahead is not None:
        return end, weekday_of_week(weekday, today, weeks_ahead=ahead)
    follower = word_at(tokens, day_at + 1)
    if coming or follower in {"depan", "besok"}:
        return day_at + 1 + (not coming), weekday_after(weekday, today)
    return day_at + 1 + (follower == "ini"), next_weekday(weekday, today)


def _week(tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
    """Weeks ahead that ``minggu ini`` and ``next week`` tell, and where they end."""
    first, second = word_at(tokens, at), word_at(tokens, at + 1)
    if first in _WEEK_WORDS and second == "depan" and word_at(tokens, at + 2) == "lagi":
        after = tokens[at + 1].text.lower().endswith("nya")  # "minggu depannya lagi"
        return 1 + after, at + 2 + after
    if first in _WEEK_WORDS:
        return {"ini": 0, "depan": 1}.get(second), at + 2
    if second in _ENGLISH_WEEK:
        return {"this": 0, "next": 1}.get(first), at + 2
    return None, at


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
