"""The desk's sentences, in Indonesian and English: ``words/LANGUAGE/PART.yml``, key by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal
from ruamel.yaml import YAML

from bot.told import in_language

FOLDER: Final = Path(__file__).parent / "words"

LANGUAGES: Final[Mapping[str, str]] = {"id": "Bahasa Indonesia", "en": "English"}
"""By code, as they call themselves; the first is taken until somebody chooses."""

FIRST: Final = next(iter(LANGUAGES))

Table: TypeAlias = Mapping[str, str]


@lru_cache
def table_of(language: str) -> Table:
    """All sentences of a language by ``PART.KEY``."""
    yaml = YAML(typ="safe", pure=True)
    return {
        f"{path.stem}.{key}": str(text)
        for path in sorted((FOLDER / language).glob("*.yml"))
        for key, text in yaml.load(path).items()
    }


@lru_cache(maxsize=4096)
def _number(language: str, value: float | None) -> str:
    """As :meth:`Words.number`: a page has hundreds, and the same ones again and again."""
    return "–" if value is None else format_decimal(value, locale=language)  # noqa: RUF001 - as a dash is written


class Words:
    """What is said in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else FIRST
        self._table = table_of(self.language)

    def __call__(self, key: str, **values: Any) -> str:
        """A sentence with its values filled in.

        Raises:
            KeyError: there is no such sentence, or it wants a value that was not given.
        """
        return self._table[key].format_map(values)

    def told(self, text: str) -> str:
        """A text of the program's own, as what is wrong with a flow, in this language."""
        return in_language(text, self.language)

    def day(self, day: date) -> str:
        """``Selasa, 24 November 2026``."""
        return format_date(day, "EEEE, d MMMM y", locale=self.language)

    def month(self, day: date) -> str:
        """``November 2026``."""
        return format_date(day, "MMMM y", locale=self.language)

    def short_day(self, day: date) -> str:
        """``24 Nov``."""
        return format_date(day, "d MMM", locale=self.language)

    def short_month(self, day: date) -> str:
        """``Nov 26``."""
        return format_date(day, "MMM yy", locale=self.language)

    def number(self, value: float | None) -> str:
        """``1.234,5``; ``1,234.5`` in English; a dash where there is nothing to measure."""
        return _number(self.language, value)

    def weekday(self, day: date) -> str:
        """``Sen``, ``Mon``."""
        return format_date(day, "EEE", locale=self.language)

    def weekdays(self) -> Sequence[str]:
        """``Sen``, ``Sel`` … from Monday on."""
        names = get_day_names("abbreviated", locale=self.language)
        return [names[at] for at in range(7)]

    def date(self, iso: str) -> date:
        """The date that is written ``2026-11-24``."""
        return date.fromisoformat(iso)

    def moment(self, iso: str) -> datetime:
        """The moment that is written ``2026-11-24T09:00:00+07:00``."""
        return datetime.fromisoformat(iso)

    def hour(self, moment: datetime | time) -> str:
        """``08.05`` of an aware time, in its own zone; ``08:05`` in English."""
        return f"{moment:%H.%M}" if self.language == FIRST else f"{moment:%H:%M}"
