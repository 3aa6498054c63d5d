"""The offices that are spoken of: ``kantor jaktim dimana``, ``daftar di bogor bisa?``.

Which offices there are and what people call them is handed in. A place somebody comes from is not
meant: in ``KTP saya Bogor, bisa bikin di Depok?`` it is Depok.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.events import Entity, Understood
from nlu.ordinary import EVERYDAY
from nlu.phrases import SELF
from nlu.reading import Reading
from nlu.spelling import Token, folded, word_at
from nlu.words import KNOWN, WORD_CONFIDENCE, asks_to_register, phrase_intent, word_intent

_WHERE = folded(
    "kantor kanim imigrasi cabang dimana mana kemana lokasi alamat jalan wa whatsapp kontak "
    "telepon telp where office address branch ndi nendi palih"
)
"""Words that ask about a place."""

_ORIGIN = folded(
    "dari dr ti saking asal orang warga domisili tinggal ktp rumah lahir kelahiran asli perantau "
    "penduduk from live living lives born resident stay ngekos kos kerja bekerja kuliah"
)
"""Words after which a place is where somebody comes from."""

_BETWEEN = folded(
    "saya di kota kab kabupaten kecamatan asli asal domisili dari ktp is in the from daerah "
    "adalah masih kula kulo abdi my sini"
) | {":", "-"}
_PLACE_WORDS = 2
_LIVING = frozenset({"di", "in"})
_NOT_PLACES = KNOWN | EVERYDAY

TELLING = frozenset({
    "ask_location_hours", "ask_office", "ask_dates", "register", "ask_walk_in",
    "ask_from_outside", "ask_requirements", "ask_fees", "join_waitlist",
})  # fmt: skip
"""Intents with which an office may be named."""

_ELSEWHERE = frozenset({"register", "ask_dates"})
"""Intents that are meant for the office written to; with another's name they ask about that one."""


def office_entities(reading: Reading) -> tuple[Entity, ...]:
    """The one office that a message means."""
    found = _meant(reading)
    return (Entity("office", found[0], reading.text),) if len(found) == 1 else ()


def read_office(reading: Reading) -> Understood | None:
    """A question about an office: another one, or where and when the one written to is open."""
    if "address" in reading.expectation.missing:
        return None
    asks, here = bool(set(reading.words) & _WHERE), reading.expectation.venue
    if not (asks or (here and _would_come(reading))):
        return _about_here(reading)
    found = _meant(reading)
    if not found or found == (here,) or (here in found and not asks):
        return _about_here(reading)
    if not here and _would_come(reading):
        return None
    return _elsewhere(reading, Understood("ask_office", WORD_CONFIDENCE))


def redirected(reading: Reading, read: Understood) -> Understood:
    """A wish to come to another office than the one written to is a question about that one."""
    office, here = read.values().get("office"), reading.expectation.venue
    awaits_name = "person_name" in reading.expectation.missing  # a town is in many names
    if read.intent not in _ELSEWHERE or not office or office == here or not here or awaits_name:
        return read
    return _elsewhere(reading, replace(read, intent="ask_office"))


def _elsewhere(reading: Reading, read: Understood) -> Understood:
    place = Entity("place", _said(reading), reading.text)
    return replace(read, entities=(*office_entities(reading), place))


def _about_here(reading: Reading) -> Understood | None:
    """Where this office is and when it is open; it outweighs a day (``besok buka jam berapa``)."""
    about = phrase_intent(reading.words) == "ask_location_hours"
    office = office_entities(reading) if about else ()
    return Understood("ask_location_hours", WORD_CONFIDENCE, office) if about else None


def _would_come(reading: Reading) -> bool:
    """Whether somebody wants to register, or asks for dates."""
    if "person_name" in reading.expectation.missing:
        return False  # a town is in many names
    if asks_to_register(reading.words):
        return True
    return word_intent(reading.words, approve_expected=False)[0] in {"register", "ask_dates"}


def _meant(reading: Reading) -> tuple[str, ...]:
    """Ids of the places a message means."""
    return tuple(reading.find_places(_said(reading)))


def _said(reading: Reading) -> str:
    """The text without its dates (``Senen`` is a quarter, too) and where somebody comes from."""
    cuts = [(found.start, found.end) for found in reading.dates]
    tokens = reading.tokens
    at = 0
    while at < len(tokens):
        end = _origin(tokens, at)
        if end > at:
            cuts.append((tokens[at].start, tokens[end - 1].end))
        at = max(end, at + 1)
    kept, until = "", 0
    for start, end in sorted(cuts):
        if start >= until:
            kept += reading.text[until:start]
            until = end
    return kept + reading.text[until:]


def _origin(tokens: Sequence[Token], at: int) -> int:
    """Where the place ends that somebody says at ``at`` to come from; ``at`` if they do not."""
    lives = tokens[at].word in SELF and word_at(tokens, at + 1) in _LIVING
    if not lives and tokens[at].word not in _ORIGIN:
        return at
    end = at + 1
    while word_at(tokens, end) in _BETWEEN:
        end += 1
    for _ in range(_PLACE_WORDS):
        if end < len(tokens) and tokens[end].is_word and tokens[end].word not in _NOT_PLACES:
            end += 1
    return end
