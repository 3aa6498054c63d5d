"""The rules that go by words: commands that outweigh everything, and the words that are left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.codes import APPROVAL_DIGITS, booking_code, grouped_code, nik, phone, solid_code
from nlu.correction import correction_entities
from nlu.families import leaving, member_entities
from nlu.identity import CONFIDENCE, identity_entities
from nlu.keeping import asks_about_it, keeps_entities
from nlu.kinds import ASKED, kind_in
from nlu.languages import wanted_language
from nlu.moving import move_entities
from nlu.options import option_among, read_option
from nlu.phrases import AFFIRM, KINDS, NEVER_MIND, SELF
from nlu.places import TELLING, office_entities
from nlu.reading import Reading
from nlu.spelling import folded
from nlu.spoken import spoken_digits
from nlu.words import WORD_CONFIDENCE, core, strong_intent, word_intent

_WAITING = folded("tunggu nunggu menunggu ditunggu wait tengga enteni ngenteni ngantosan antosan")
_LONGEST_LIST: Final = 9
"""What is numbered on; ``25`` is a day."""

_WILL = AFFIRM | SELF | folded("i will i'll ill mau baik yaudah")
_CODE_WORDS = folded("kode approval persetujuan nomor nomer angka")


def read_code(reading: Reading) -> Understood | None:
    """An approval code or a booking code; ``batalkan JKP-…`` is left to the command."""
    command = strong_intent(reading.words)
    booked = booking_code(reading.text)
    if booked:
        return Understood(command or "ask_status", entities=(booked,))
    code = _approval_code(reading)
    if code is None or command == "cancel":
        return None
    return Understood("give_code", entities=(code,))


def read_command(reading: Reading) -> Understood | None:
    """A command by its phrase: it outweighs dates and numbers beside it (``besok bawa apa?``)."""
    intent = strong_intent(reading.words)
    return worded(reading, intent, WORD_CONFIDENCE) if intent else None


def read_choice(reading: Reading) -> Understood | None:
    """A choice from the numbered options on the table."""
    options = reading.expectation.options
    number = read_option(reading.words, options) if options else None
    if number is None:
        return None
    if number > max(options, _LONGEST_LIST) and "choose_date" in reading.expectation.intents:
        day = _day(replace(reading, text=f"tanggal {number}"))
        return Understood("choose_date", entities=day) if day else None
    return Understood("choose_option", entities=(Entity("option_number", number, reading.text),))


def read_waiting(reading: Reading) -> Understood | None:
    """Waiting, where a place on the waitlist is offered: ``saya tunggu``. Elsewhere it is asked of
    us.
    """
    telling = set(core(reading.words))
    if "join_waitlist" not in reading.expectation.intents or not telling & _WAITING:
        return None
    return Understood("join_waitlist") if telling <= _WAITING | _WILL else None


def read_words(reading: Reading) -> Understood | None:
    """The intent its words tell, with what else is in the message."""
    expected = "approve" in reading.expectation.intents
    intent, confidence = word_intent(reading.words, approve_expected=expected)
    return worded(reading, intent, confidence) if intent else None


def read_numbers(reading: Reading) -> Understood | None:
    """A telephone number or NIK and nothing else that means something."""
    found = (phone(reading.undated, reading.text), nik(reading.undated, reading.text))
    entities = tuple(entity for entity in found if entity)
    return Understood("inform", CONFIDENCE, entities) if entities else None


def worded(reading: Reading, intent: str, confidence: float) -> Understood:
    """An intent told by words, with what else of the message belongs to it."""
    if "kind" in reading.expectation.takes and intent in {"ask_requirements", "register"}:
        kinds = tuple(KINDS) if intent == "ask_requirements" else ASKED
        return Understood(intent, confidence, kind_in(reading.words, kinds))
    told = _BELONGING.get(intent)
    entities = told(reading) if told else ()
    if intent in TELLING and "address" not in reading.expectation.missing:
        entities += office_entities(reading)
    return Understood(intent, confidence, entities)


def _option(reading: Reading) -> tuple[Entity, ...]:
    number = option_among(reading.words, reading.expectation.options)
    return (Entity("option_number", number, reading.text),) if number else ()


def _language(reading: Reading) -> tuple[Entity, ...]:
    return (Entity("language", wanted_language(reading.words), reading.text),)


def _waited(reading: Reading) -> tuple[Entity, ...]:
    days = [found for found in reading.dates if isinstance(found.service, date)]
    return tuple(Entity("service_date", str(found.service), found.text) for found in days[:1])


def _never_mind(reading: Reading) -> tuple[Entity, ...]:
    """That nothing is said but ``gak jadi``: not to do what was just asked."""
    alone = set(core(reading.words)) <= NEVER_MIND
    return (Entity("never_mind", value=True, text=reading.text),) if alone else ()


def _cancelled(reading: Reading) -> tuple[Entity, ...]:
    if asks_about_it(reading):
        return (Entity("asks", value=True, text=reading.text),)
    return (*(member_entities(reading) or leaving(reading)), *_never_mind(reading))


def _day(reading: Reading) -> tuple[Entity, ...]:
    return tuple(each for each in identity_entities(reading) if each.type == "service_date")


_BELONGING: Final[Mapping[str, Callable[[Reading], tuple[Entity, ...]]]] = {
    "cancel": _cancelled,
    "reject": keeps_entities,
    "join_waitlist": _waited,
    "change_language": _language,
    "reschedule": move_entities,
    "correct": correction_entities,
    "choose_option": _option,
    "choose_date": _day,
    "ask_dates": _day,
    "register": identity_entities,
    "submit_identity": identity_entities,
    "inform": identity_entities,
}
"""What is looked for in a message of an intent."""


def _approval_code(reading: Reading) -> Entity | None:
    """Eight digits, unless they are a date somebody waits for, or stand among other things.

    At the confirmation they are always a code; where a code is only heard too, a date that may be
    meant comes first.
    """
    solid = solid_code(reading.tokens)
    grouped = None if solid else grouped_code(reading.tokens)
    if grouped and any(grouped.start <= date.start < grouped.end for date in reading.dates):
        return None
    said = spoken_digits(reading.words, APPROVAL_DIGITS)
    text = solid.text if solid else grouped.digits if grouped else said
    if not text:
        return None
    if not reading.wants_code:
        awaited = reading.wants_birth_date or reading.wants_service_date
        telling = core(reading.words)
        alone = all(word.isdigit() or word in _CODE_WORDS for word in telling)
        if not alone or (reading.dates and awaited):
            return None
    elif not reading.confirms and _is_awaited(reading):
        return None
    return Entity("approval_code", text, text)


def _is_awaited(reading: Reading) -> bool:
    """Whether a date was typed that the open state waits for, and that may be one."""
    births = reading.wants_birth_date and any(isinstance(d.birth, date) for d in reading.dates)
    days = reading.wants_service_date and any(isinstance(d.service, date) for d in reading.dates)
    return births or days
