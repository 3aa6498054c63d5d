"""Names and telephone numbers of an imported conversation, replaced by invented ones.

The same by the same, so that the conversation still hangs together. Only what can be known for
certain is replaced: who wrote it, and what is a number; names *in* messages are anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.booking.office import Offices

APPLICANT: Final = "6281200000001"
"""The number that whoever is played writes from."""

_INVENTED: Final = ("Rina", "Budi", "Sari", "Joko", "Dewi", "Tono", "Lina", "Agung", "Wati", "Hadi")
_FAMILY: Final = "Contoh"
_OTHERS: Final = 101
"""Numbers of others end in this and what follows."""

_PHONE: Final = re.compile(
    r"(?<![\w+])(?P<lead>\+?62|0)(?P<rest>[ .()-]{0,3}8(?:[ .()-]{0,2}\d){7,11})(?!\d)"
)
_SHORT: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+")
_NO_NAMES: Final = frozenset(
    [
        "pak",
        "bapak",
        "ibu",
        "bu",
        "mas",
        "mbak",
        "kak",
        "kakak",
        "bang",
        "abang",
        "adik",
        "dik",
        "bpk",
        "haji",
        "hajah",
        "drs",
        "dra",
        "paspor",
        "passport",
        "januari",
        "februari",
        "maret",
        "april",
        "mei",
        "juni",
        "juli",
        "agustus",
        "september",
        "oktober",
        "november",
        "desember",
        "january",
        "february",
        "march",
        "may",
        "june",
        "july",
        "august",
        "october",
        "december",
        "senin",
        "selasa",
        "rabu",
        "kamis",
        "jumat",
        "sabtu",
        "minggu",
        "ahad",
        "baru",
        "kantor",
        "jakarta",
        "anak",
        "saya",
        "dan",
        "the",
        "and",
    ]
)
"""Parts of names that are words as well."""


@dataclass(slots=True)
class Mask:
    """Replaces, and remembers by what.

    Args:
        people: names of those who write; a name is also known by its parts.
        offices: their numbers are public, and stay.
    """

    people: Sequence[str]
    offices: Offices
    _numbers: dict[str, str] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _pattern: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        for at, name in enumerate(self.people):
            if number := _PHONE.fullmatch(name.strip()):
                self._numbers[_digits(number)] = APPLICANT if at == 0 else self._next_number()
            first = _INVENTED[at % len(_INVENTED)]
            parts = [part.casefold() for part in _WORD.findall(name)]
            names = [part for part in parts if len(part) >= _SHORT and part not in _NO_NAMES]
            for part_at, word in enumerate(names):
                self._words.setdefault(word, _FAMILY if part_at else first)
        if self._words:
            words = "|".join(sorted(map(re.escape, self._words), key=len, reverse=True))
            self._pattern = re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """``text`` with nobody's name and number in it."""
        masked = _PHONE.sub(self._number, text)
        return self._pattern.sub(self._name, masked) if self._pattern else masked

    @property
    def numbers(self) -> frozenset[str]:
        """Numbers that were replaced."""
        return frozenset(self._numbers)

    @property
    def invented(self) -> frozenset[str]:
        """Numbers that stand in the place of others."""
        return frozenset({APPLICANT, *self._numbers.values()})

    def _name(self, match: re.Match[str]) -> str:
        invented = self._words.get(match[0].casefold(), _FAMILY)
        return invented.upper() if match[0].isupper() else invented

    def _number(self, match: re.Match[str]) -> str:
        if self.offices.by_number(match[0]):
            return match[0]
        digits = _digits(match)
        if digits not in self._numbers:
            self._numbers[digits] = self._next_number()
        return match["lead"] + self._numbers[digits].removeprefix("62")

    def _next_number(self) -> str:
        return f"{APPLICANT[:-3]}{_OTHERS + len(self._numbers):03d}"


def _digits(match: re.Match[str]) -> str:
    return "62" + re.sub(r"\D", "", match["rest"])


def as_written(text: str) -> str:
    """``text`` as it is, where names are to stay."""
    return text


Masking = Callable[[str], str]
"""Replaces what is personal in a text, or does not."""
