"""A right form made of what a wrong one got right: the example in the answer to a mistake."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from bot.dialogue.events import Entity, Scalar
from nlu.days import DateProblem, as_birth, exact, next_weekday
from nlu.spelling import clean, tokenise
from nlu.written import month_number

_NAME: Final = "NAMA ANDA"
_BIRTH_DATE: Final = date(1990, 8, 17)
ANYBODY: Final = f"#{_NAME}#{_BIRTH_DATE:%d%m%Y}"
"""How an example begins that knows nothing of its reader."""

_FRIDAY: Final = 4
_WRITTEN = re.compile(
    r"(?<![0-9])([0-9]{1,2})(?: \D)? ?([0-9]{1,2})(?: \D)? ?([0-9]{4}|[0-9]{2})(?![0-9])"
)
_SHORT_YEAR: Final = 100


def example_form(
    entities: Iterable[Entity],
    known: Mapping[str, Scalar],
    today: date,
    *,
    wrong_birth_date: str = "",
    with_service_date: bool = True,
) -> str:
    """``#NAME#DDMMYYYY#DDMMYYYY`` of the sender's own data.

    Args:
        entities: the right parts.
        known: slot values by slot type; they stand in for parts that are wrong or missing.
        wrong_birth_date: as typed; the date nearest to it is shown.
        with_service_date: without, the form has two parts.
    """
    own = {entity.type: entity.value for entity in entities}
    name = own.get("person_name") or known.get("person_name") or _NAME
    birth = (
        _iso(own.get("birth_date"))
        or nearest_birth_date(wrong_birth_date, today)
        or _iso(known.get("birth_date"))
        or _BIRTH_DATE
    )
    form = f"#{str(name).upper()}#{birth:%d%m}{birth.year:04}"
    if not with_service_date:
        return form
    if own.get("option_number"):
        return f"{form}#{own['option_number']}"
    service = _iso(own.get("service_date")) or _iso(known.get("service_date"))
    service = service or next_working_weekday(today)
    return f"{form}#{service:%d%m}{service.year:04}"


def nearest_birth_date(text: str, today: date) -> date | None:
    """The date a wrong birth date was probably meant to be: ``31-02-1990`` → 28 February 1990.

    Month and day are brought into range, the year into the last hundred years.
    """
    numbers = (str(month_number(token.word) or token.text) for token in tokenise(clean(text)))
    found = _WRITTEN.search(" ".join(numbers))
    if not found:
        return None
    day, month, year = (int(digits) for digits in found.groups())
    month = min(max(month, 1), 12)
    if year < _SHORT_YEAR:
        year += today.year - today.year % _SHORT_YEAR
    if isinstance(_clamped(year, month, day, today), DateProblem):
        year = today.year - (today.year - year) % _SHORT_YEAR
        if isinstance(_clamped(year, month, day, today), DateProblem):
            year -= _SHORT_YEAR
    nearest = _clamped(year, month, day, today)
    return None if isinstance(nearest, DateProblem) else nearest


def next_working_weekday(today: date) -> date:
    """The next day from Monday to Friday after today."""
    tomorrow = today + timedelta(days=1)
    return tomorrow if tomorrow.weekday() <= _FRIDAY else next_weekday(0, tomorrow)


def _clamped(year: int, month: int, day: int, today: date) -> date | DateProblem:
    if not exact(year, month, 1):
        return DateProblem.NO_SUCH_DATE
    last = monthrange(year, month)[1]
    return as_birth(date(year, month, min(max(day, 1), last)), today)


def _iso(value: Scalar) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
