"""One number, code or date in the place of another, in the form in which that was written."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from random import Random
from typing import Final

from bot.booking.codes import booking_code, read_booking_code
from bot.replay.personal import MONTHS

_FULL: Final = (
    *("januari", "februari", "maret", "april", "mei", "juni"),
    *("juli", "agustus", "september", "oktober", "november", "desember"),
)
_ENGLISH: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT: Final = 3
_TWO_DIGITS: Final = 100
_PHONE: Final = re.compile(r"(?:62|0)?(8\d{7,11})")
_NEWBORN: Final = 6
"""Who was born fewer years ago keeps the year: it says whether they are a child."""


def like(word: str, other: str | None) -> str:
    """``other`` in the case of ``word``; ``word`` itself when there is none."""
    if other is None:
        return word
    if word.isupper():
        return other.upper()
    return other.lower() if word.islower() else other


def national(number: str) -> str:
    """The digits that a number has in every spelling: ``81200000001``."""
    digits = re.sub(r"\D", "", number)
    found = _PHONE.fullmatch(digits)
    return found[1] if found else digits


def disguised_digits(written: str, seed: int) -> str:
    """Other digits in their places; a telephone number by one that looks invented."""
    digits = re.sub(r"\D", "", written)
    bare = national(digits)
    random = _random(bare, seed)
    other = "".join(random.choices("0123456789", k=len(bare)))
    if bare != digits or _PHONE.fullmatch(digits):
        other = f"812000{other[6:]}"
    elif other == bare:
        other = other[:-1] + str((int(other[-1]) + 1) % 10)
    return _laid_over(written, digits[: len(digits) - len(bare)] + other)


def disguised_code(written: str, prefixes: Collection[str], seed: int) -> str:
    """Another booking code; one with a slip by one with a slip."""
    bare = re.sub(r"[^0-9A-Za-z]", "", written).upper()
    prefix = bare[:-10]
    if prefix not in prefixes:
        return written
    whole = read_booking_code(bare, prefixes)
    other = booking_code(prefix, _random(whole or bare, seed)).replace("-", "")
    if whole is None:
        other = other[:-1] + ("2" if other[-1] != "2" else "3")
    laid = _laid_over(written, other)
    return laid.lower() if written.islower() else laid


def email_like(written: str, seed: int) -> str:
    """An address nobody has."""
    return f"nama{_random(written.casefold(), seed).randrange(10**4)}@contoh.example"


def hex_like(written: str, seed: int) -> str:
    """Another hash."""
    return f"{_random(written, seed).getrandbits(256):064x}"


def other_date(year: int, month: int, day: int, today: date, seed: int) -> tuple[int, int, int]:
    """Another day of about that age, of as many digits."""
    if today.year - year >= _NEWBORN:
        year += 1 if year % 2 == 0 else -1
    day = _round(day, 10, 28, 6 + seed) if day >= 10 else _round(day, 1, 9, 3 + seed)  # noqa: PLR2004
    month = _round(month, 10, 12, 1) if month >= 10 else _round(month, 1, 9, 2 + seed)  # noqa: PLR2004
    return year, month, day


def disguised_date(
    found: re.Match[str], births: Collection[str], today: date, seed: int
) -> str | None:
    """A birth date by another one; ``None`` when it is no such date.

    A date of an earlier year is one, whether or not it was understood.
    """
    written = found[0]
    parts = _parts(written, str(found.lastgroup))
    if parts is None:
        return None
    year, month, day = parts
    born = [date.fromisoformat(each) for each in births]
    if year is None:
        known = next((b for b in born if (b.month, b.day) == (month, day)), None)
        if known is None:
            return written
        other = other_date(known.year, month, day, today, seed)
        return _written(written, other, month)
    full = _century(year, today) if year < _TWO_DIGITS else year
    is_birth = any((b.month, b.day, b.year) == (month, day, full) for b in born)
    if not is_birth and full >= today.year:
        return written
    try:
        date(full, month, day)
        other = other_date(full, month, day, today, seed)
    except ValueError:  # there is no such day, and there shall be none
        other = (full + (1 if full % 2 == 0 else -1), month, day)
    return _written(written, other, month)


def may_be_birth(found: re.Match[str], births: Collection[str], today: date) -> bool:
    """Whether what is written is one of the birth dates, or a day of an earlier year."""
    year, month, day = _parts(found[0], str(found.lastgroup)) or (None, 0, 0)
    if year is None:
        return False
    full = _century(year, today) if year < _TWO_DIGITS else year
    try:
        written = date(full, month, day)
    except ValueError:  # there is no such day
        return False
    return written.year < today.year or written.isoformat() in births


def birth_in(text: str, digits: str, birth: date) -> bool:
    """Whether a birth date stands in a text.

    Args:
        digits: the text in lower case, its groups of digits joined.
    """
    if any(f"{birth:{form}}" in digits for form in ("%d%m%Y", "%Y%m%d")):
        return True
    names = "|".join(name for name, month in MONTHS.items() if month == birth.month)
    first = rf"(?<!\d)0?{birth.day}[ .-]{{0,2}}(?:{names})[ .,-]{{0,2}}{birth.year}"
    second = rf"(?<!\w)(?:{names}) {birth.day}(?:st|nd|rd|th)?,? {birth.year}"
    loose = rf"(?<!\d)0?{birth.day}[./-]0?{birth.month}[./-]{birth.year}"
    return bool(re.search(f"{first}|{second}|{loose}", text, re.IGNORECASE))


def _parts(written: str, kind: str) -> tuple[int | None, int, int] | None:
    """Year, month and day."""
    numbers = [int(each) for each in re.findall(r"\d+", written)]
    if kind == "worded":
        name = next(w for w in re.findall(r"[a-z]+", written.lower()) if w in MONTHS)
        year = numbers[1] if len(numbers) > 1 else None
        return year, MONTHS[name], numbers[0]
    if kind == "iso":
        year, month, day = numbers
    elif kind == "dated":
        day, month, year = numbers
    elif re.fullmatch(r"\d{8}|\d{6}", written):
        day, month, year = int(written[:2]), int(written[2:4]), int(written[4:])
    else:
        return None
    possible = 1 <= month <= 12 and 1 <= day <= 31 and (year < 100 or 1900 <= year <= 2100)  # noqa: PLR2004
    return (year, month, day) if possible else None


def _written(written: str, other: tuple[int, int, int], month: int) -> str:
    """The other date in the place of the one that is written."""
    year, new_month, day = other
    words = re.findall(r"[A-Za-z]+", written)
    named = next((word for word in words if word.lower() in MONTHS), None)
    if named:
        written = written.replace(named, like(named, _month_like(named.lower(), month, new_month)))
        order = [day, year]
    else:
        order = [year, new_month, day] if re.match(r"\d{4}-", written) else [day, new_month, year]
    if re.fullmatch(r"\d{8}|\d{6}", written):
        return f"{day:02}{new_month:02}" + f"{year}"[-len(written) + 4 :]
    left = iter(order)
    return re.sub(r"\d+", lambda each: f"{next(left):0{len(each[0])}d}"[-len(each[0]) :], written)


def _month_like(named: str, month: int, other: int) -> str:
    table = _ENGLISH if named in _ENGLISH and named not in _FULL else _FULL
    full = named in {_FULL[month - 1], _ENGLISH[month - 1]} and len(named) > _SHORT
    return table[other - 1].capitalize() if full else table[other - 1][:_SHORT].capitalize()


def _century(year: int, today: date) -> int:
    return 1900 + year if year > today.year % 100 else 2000 + year


def _round(number: int, low: int, high: int, step: int) -> int:
    count = high - low + 1
    return low + (number - low + (step % (count - 1) or 1)) % count


def _laid_over(written: str, other: str) -> str:
    left = iter(other)
    return re.sub(r"[0-9A-Za-z]", lambda _: next(left), written)


def _random(of: str, seed: int) -> Random:
    return Random(f"{seed} {of}")  # noqa: S311 - what is invented is no secret
