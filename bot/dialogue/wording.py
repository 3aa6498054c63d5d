"""How a language writes dates and numbers: the filters of reply templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal


@dataclass(frozen=True, slots=True)
class Wording:
    """The filters of one language, a Babel locale."""

    language: str

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By the names templates use."""
        return {
            "date": self.date,
            "dmy": lambda value: _in_digits(_day(value), "-"),
            "form_date": lambda value: _in_digits(_day(value), ""),
            "number": self.number,
            "plural": self.plural,
        }

    def date(self, value: str | date, pattern: str = "EEEE, d MMMM y") -> str:
        """Write a day in words; ``pattern`` is CLDR's, like ``d MMM``."""
        return _in_words(_day(value), pattern, self.language)

    def number(self, value: float) -> str:
        """Digits with the language's separators."""
        return format_decimal(value, locale=self.language)

    def plural(self, count: float, **forms: str) -> str:
        """The form of words for a number, by CLDR; ``#`` in it is the number.

        ``{{ tries_left | plural(one="# try", other="# tries") }}``
        """
        form = forms.get(Locale.parse(self.language).plural_form(count), forms["other"])
        return form.replace("#", self.number(count))


@lru_cache(maxsize=4096)
def _in_words(day: date, pattern: str, language: str) -> str:
    """Babel's words; a queue speaks of few days, and of each many times."""
    return format_date(day, pattern, locale=language)


def _in_digits(day: date, between: str) -> str:
    """``24-11-2026``; ``strftime`` takes three times as long."""
    return f"{day.day:02}{between}{day.month:02}{between}{day.year}"


def _day(value: str | date) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value.date() if isinstance(value, datetime) else value
