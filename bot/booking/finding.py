"""Offices found by what people call them: id, city, nickname, quarter, typed badly.

``kantor jaktim dimana`` → Jakarta Timur; ``jakarta`` → every office there, to be asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from bot.booking.office import Office, Offices

WORDS_READ: Final = 40
"""Words of a message that are looked at."""

_SLIP_LETTERS: Final = 5
_SLIP_SCORE: Final = 86
"""Lets one letter too many or too few pass in five, one wrong letter in eight."""

_GENERIC: Final = "kantor "
"""Names that begin so have most of their letters in common; their own part is a name, too."""

_NO_SLIPS: Final = frozenset({"bantu", "karyawan"})
"""Words one slip away from a name."""

_WORD = re.compile(r"[^\W_]+")


def find_offices(offices: Offices, text: str) -> Sequence[Office]:
    """The offices a text speaks of, in the order of the file; empty when it names none.

    Several are found where a name fits several (``jakarta``) or the text names several.
    """
    names = _names(offices)
    words = _words(text)[:WORDS_READ]
    found: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(min(names.longest, len(words) - at), 0, -1):
            ids = names.meant(" ".join(words[at : at + length]))
            if ids:
                found |= ids
                at += length
                break
        else:
            at += 1
    return [office for office in offices if office.id in found]


class _Names:
    """Every name of every office, and whose it is."""

    def __init__(self, offices: Offices) -> None:
        owners: dict[str, set[str]] = {}
        for office in offices:
            for name in _called(office):
                owners.setdefault(name, set()).add(office.id)
        # What several names begin with is a place with several offices.
        beginnings = Counter(_words(office.short_name)[0] for office in offices)
        for office in offices:
            first = _words(office.short_name)[0]
            if beginnings[first] > 1:
                owners.setdefault(first, set()).add(office.id)
        self._owners: Mapping[str, set[str]] = owners
        self._fuzzy = [
            name for name in owners if len(name) >= _SLIP_LETTERS and not name.startswith(_GENERIC)
        ]
        self.longest = max((name.count(" ") + 1 for name in owners), default=0)

    def meant(self, name: str) -> set[str]:
        """Ids of the offices called ``name``, or something one slip away from it."""
        if name in self._owners or len(name) < _SLIP_LETTERS - 1 or name in _NO_SLIPS:
            return self._owners.get(name, set())
        near = process.extractOne(name, self._fuzzy, scorer=fuzz.ratio, score_cutoff=_SLIP_SCORE)
        return self._owners[near[0]] if near and near[0][0] == name[0] else set()


@lru_cache(maxsize=2)
def _names(offices: Offices) -> _Names:
    return _Names(offices)


def _called(office: Office) -> Iterator[str]:
    written = (office.id, office.short_name, office.name, office.area)
    for name in (*written, *office.aliases, *office.quarters):
        if words := _words(name.replace("_", " ")):
            yield " ".join(words)


def _words(text: str) -> list[str]:
    """Words in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))
