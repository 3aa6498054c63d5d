"""Who counts as the same person: name and birth date, however the name was written.

Touts vary a dot, an accent or a title to register somebody twice; families do so by chance.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES: Final = _listed(
    "pak bu bapak ibu bpk kak kakak mas mbak mba sdr sdri saudara saudari tn ny nn tuan nyonya "
    "nona an anak h hj haji hajah drs dra dr drg ir prof kh ust ustadz mr mrs ms"
)
_DEGREES: Final = _listed(
    "sh se st skom spd sik ssi ssos sag shi sked skep skm sp ssn ak mm mt mh mba msi msc mkom mpd "
    "mag mkes amd amk amkeb phd md bsc ba ma ners apt"
)
_APOSTROPHES: Final = re.compile("['`\u2019\u00b4\u02bc]")
_DOTTED_DEGREE: Final = re.compile(r"\b(?:s|m|a|d|sp|ph|b)\.\s?[a-z]{1,4}(?:\.[a-z]{1,4})?\.?\s*$")


def plain_name(name: str) -> str:
    """``H. Budi  Santóso, S.Kom`` → ``budisantoso``: small letters alone.

    Titles before and degrees after go as long as a name is left; accents, signs and spaces go.
    """
    base = name.casefold()
    if not base.isascii():
        folded = unicodedata.normalize("NFKD", base)
        base = "".join(sign for sign in folded if not unicodedata.combining(sign))
    whole, _, _ = base.partition(",")  # what follows a comma is degrees
    words = _words(_without_dotted_degrees(whole)) or _words(base)
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    while len(words) > 1 and words[-1] in _DEGREES:
        del words[-1]
    return "".join(words) or base.strip()


def person_mark(day: date, name: str, birth_date: date) -> str:
    """What at most one active seat of ``day`` carries: ``2026-11-24|budisantoso|1987-01-25``."""
    return f"{day}|{plain_name(name)}|{birth_date}"


def age_on(day: date, birth_date: date) -> int:
    """Full years on ``day``; somebody born on 29 February turns on 1 March."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def _without_dotted_degrees(name: str) -> str:
    if "." not in name:
        return name
    while (match := _DOTTED_DEGREE.search(name)) and _words(name[: match.start()]):
        name = name[: match.start()]
    return name


def _words(text: str) -> list[str]:
    if text.isascii() and text.replace(" ", "").isalnum():
        return text.split()
    joined = _APOSTROPHES.sub("", text)
    spaced = "".join(sign if sign.isalnum() else " " for sign in joined)
    return spaced.split()
