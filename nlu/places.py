"""Questions about an office: ``kantor jaktim dimana``, ``daftar di bogor bisa?``, ``jam buka``.

Which offices there are and what people call them is handed in; this rule only tells a question
about a place from a place that is mentioned by the way.
"""

from __future__ import annotations

from bot.dialogue.events import Entity, Understood
from nlu.reading import Reading
from nlu.spelling import folded
from nlu.words import WORD_CONFIDENCE, asks_to_register, phrase_intent, word_intent

_WHERE = folded(
    "kantor kanim imigrasi cabang dimana mana lokasi alamat jalan wa whatsapp kontak telepon telp "
    "where office address branch ndi nendi palih"
)
"""Words that ask about a place."""

_ORIGIN = folded(
    "dari asal orang warga domisili tinggal ktp rumah lahir from live sini disini here"
)
"""Words by which a place is where somebody comes from, or that the office here is meant."""


def read_office(reading: Reading) -> Understood | None:
    """A question about an office: another one, or where and when the one written to is open."""
    words = set(reading.words)
    asks = bool(words & _WHERE)
    if "address" in reading.expectation.missing:
        return None
    if not (asks or _would_come(reading)):
        return _about_here(reading)
    if words & _ORIGIN and not asks:
        return None
    found = reading.places
    here = reading.expectation.venue
    if not found or found == (here,) or (here in found and not asks):
        return _about_here(reading)
    place = Entity("place", reading.text, reading.text)
    only = (Entity("office", found[0], reading.text),) if len(found) == 1 else ()
    return Understood("ask_office", WORD_CONFIDENCE, (*only, place))


def _about_here(reading: Reading) -> Understood | None:
    """Where this office is and when it is open; it outweighs a day (``besok buka jam berapa``)."""
    about = phrase_intent(reading.words) == "ask_location_hours"
    return Understood("ask_location_hours", WORD_CONFIDENCE) if about else None


def _would_come(reading: Reading) -> bool:
    """Whether somebody wants to register, or asks for dates."""
    if "person_name" in reading.expectation.missing:
        return False  # a town is in many names
    if asks_to_register(reading.words):
        return True
    return word_intent(reading.words, approve_expected=False)[0] in {"register", "ask_dates"}
