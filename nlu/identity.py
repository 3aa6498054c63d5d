"""Names and dates in ordinary sentences: ``nama saya Rina Wulandari lahir 17 agustus 1990``.

What the open state waits for decides what a date is for; a label (``lahir``, ``datang``) outweighs
it, and where both kinds are awaited a date behind us is the birth date, one ahead the service date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.dialogue.events import Entity, Problem, Understood
from nlu.codes import nik, phone
from nlu.dates import Found, is_only_days
from nlu.days import MAX_DAYS_AHEAD, DateProblem, Kind
from nlu.examples import example_form
from nlu.introductions import announced_name, corrected_name, introduced_name
from nlu.kin import FOR
from nlu.members import named_in
from nlu.names import bare_name, name_beside, titled_name
from nlu.options import picked_option
from nlu.parts import as_typed
from nlu.phrases import AFFIRM, BIRTH_LABELS, DENY, SELF, SERVICE_LABELS
from nlu.reading import Reading
from nlu.refused import is_refused, missed_days
from nlu.spelling import Token, folded, tokenise
from nlu.words import PERIPHERAL, WORD_CONFIDENCE, asks_to_register
from nlu.wrongness import TAKING_BACK, says_wrong

CONFIDENCE: Final = 0.9
DOUBTFUL: Final = 0.6
"""Of a date among words that tell something else."""

_CHOOSING = (
    PERIPHERAL
    | AFFIRM
    | DENY
    | SELF
    | SERVICE_LABELS
    | folded(
        "bisa boleh tanggal hari jadi paspor buat perpanjang baru "
        "masih ada kosong slot kuota kalau saja daftar ambil pilih "
        "jam pagi siang datang atau di ke pada lagi kapan free i can come on take would like for "
        "iso saged tiasa oleh paling cepat waktu sekitar kira antrean buat nanti tersedia"
    )
)

_SOON_DAYS: Final = 60
"""A day without its year that lies farther off is rather of birth, where that is asked for."""

_GROWN_DAYS: Final = 3 * MAX_DAYS_AHEAD
"""A day longer ago is no mistyped service date."""

_ANEW: Final = folded("ganti pindah tukar geser ubah change switch") | TAKING_BACK
"""With these another number of the list is chosen."""

_NO_BIRTH = frozenset({DateProblem.NOT_A_DATE, DateProblem.NO_YEAR})


@dataclass(slots=True)
class Identity:
    """What a message says about the applicant and their day.

    Args:
        dates: the reading chosen for each kind of date, with the text it was read from.
        name: empty when there is none.
    """

    dates: dict[Kind, Found]
    name: str = ""

    def entities(self) -> tuple[Entity, ...]:
        """The parts that are right."""
        found = [Entity("person_name", self.name, self.name)] if self.name else []
        for kind, told in sorted(self.dates.items()):
            day = told.read(kind)
            if not isinstance(day, DateProblem):
                found.append(Entity(f"{kind}_date", day.isoformat(), told.text))
        return tuple(found)

    def problems(self) -> tuple[Problem, ...]:
        """The dates that cannot be what they are for."""
        return tuple(
            Problem(f"{kind}_date", day.value, as_typed(told.text))
            for kind, told in sorted(self.dates.items())
            if isinstance(day := told.read(kind), DateProblem)
        )


def read_identity(reading: Reading) -> Understood | None:
    """The name and dates in a message that is about them; ``None`` for others."""
    identity = find_identity(reading)
    entities, problems = identity.entities(), identity.problems()
    if problems:
        return _malformed(reading, identity)
    told = {entity.type for entity in entities}
    if not told:
        return None
    intent, confidence = _intent(reading, told), CONFIDENCE
    if intent == "choose_date":
        confidence = _sureness(reading, identity.dates["service"])
    return Understood(intent, confidence, entities + _picked(reading, told) + _numbers(reading))


def _picked(reading: Reading, told: set[str]) -> tuple[Entity, ...]:
    """The number of the list beside a name: ``yang nomor 3, atas nama Rina``; none where the day
    is told, or was chosen before and is not changed.
    """
    expectation = reading.expectation
    chosen = frozenset() if _ANEW & set(reading.words) else expectation.known.keys()
    known = {"service_date"} & (told | chosen)
    number = None if known else picked_option(reading.undated, expectation.options)
    return (Entity("option_number", number, reading.text),) if number else ()


def identity_entities(reading: Reading) -> tuple[Entity, ...]:
    """What a message that is known to be about them tells of a person and their day."""
    identity = find_identity(reading)
    if not identity.name and "person_name" not in reading.expectation.known:
        identity.name = bare_name(*_in(reading), reading.dates) or titled_name(
            *_in(reading), reading.find_places
        )
    return identity.entities() + _numbers(reading)


def _numbers(reading: Reading) -> tuple[Entity, ...]:
    numbers = (phone(reading.undated, reading.text), nik(reading.undated, reading.text))
    return tuple(entity for entity in numbers if entity)


def _sureness(reading: Reading, found: Found) -> float:
    """How sure a date chooses a day: ``besok hujan ga`` tells of something else."""
    if _labelled(reading.tokens[: found.first], found):
        return CONFIDENCE
    told = {token.word for each in reading.dates for token in tokenise(each.text)}
    others = len({word for word in reading.words if not word.isdigit()} - told - _CHOOSING)
    return CONFIDENCE if not others else DOUBTFUL if others > 1 else WORD_CONFIDENCE


def find_identity(reading: Reading) -> Identity:
    """The name and the dates of a message, each date given its role."""
    name = said_name(reading)
    bare = "" if name else _registered(reading) or bare_name(*_in(reading), reading.dates)
    beside = "" if name or bare or says_wrong(reading.tokens) else _beside(reading)
    identity = Identity(_assigned(reading, named=bool(name or bare or beside)), name)
    expectation = reading.expectation
    told = "birth" in identity.dates and "person_name" not in expectation.known
    anew = "birth" in identity.dates and _is_sent_again(reading, bare or beside)
    if bare and (expectation.missing[:1] == ("person_name",) or told or anew):
        identity.name = bare
    elif told or anew:
        identity.name = identity.name or beside
    return identity


def _is_sent_again(reading: Reading, name: str) -> bool:
    """Whether a name at the confirmation takes the place of the one known: it leads the birth date.
    Behind a label one word is rather about the date, behind the date a place.
    """
    if not name or not reading.confirms or says_wrong(reading.tokens):
        return False
    labelled = not BIRTH_LABELS.isdisjoint(reading.words)
    first = reading.text.find(name.split(maxsplit=1)[0])
    leads = first < reading.tokens[reading.dates[0].first].start
    return leads and (not labelled or " " in name)


def said_name(reading: Reading) -> str:
    """The name that a message says is one."""
    corrected = corrected_name(*_in(reading)) if says_wrong(reading.tokens) else ""
    return announced_name(*_in(reading)) or corrected or introduced_name(*_in(reading))


def _in(reading: Reading) -> tuple[Sequence[Token], str]:
    return reading.tokens, reading.text


def _beside(reading: Reading) -> str:
    """The name among other words, where a date that may be of birth is told too."""
    born = any(isinstance(found.birth, date) for found in reading.dates)
    return name_beside(*_in(reading), reading.dates) if born else ""


def _registered(reading: Reading) -> str:
    """The name between asking to register and the first date: ``mau daftar Rina 3-4-1990``."""
    lead = reading.tokens[: reading.dates[0].first] if reading.dates else ()
    asks = any(token.word in FOR for token in lead)
    return named_in(lead, reading.text) if asks else ""


def _intent(reading: Reading, told: set[str]) -> str:
    """What telling these entities is meant for, as far as the open state can hear it."""
    intents = reading.expectation.intents
    whole = {"person_name", "birth_date"} <= told
    open_mind = not intents and not reading.expectation.missing
    if open_mind and not whole and asks_to_register(reading.words):
        return "register"
    if told == {"service_date"}:
        return "choose_date"
    collecting = reading.wants_birth_date or "inform" in intents
    if (whole or told == {"birth_date"}) and "submit_identity" in intents and not collecting:
        return "submit_identity"
    return "inform"


def _assigned(reading: Reading, *, named: bool) -> dict[Kind, Found]:
    """One date a role; dates that are turned down or wrong for nothing awaited are left out."""
    chosen: dict[Kind, Found] = {}
    missed = missed_days(reading)
    until = 0
    for found in reading.dates:
        before = reading.tokens[until : found.first]
        until = found.until
        if found.first in missed or is_refused(reading, found, before):
            continue
        kind = _labelled(before, found) or (
            "birth" if _lacks_year(reading, found) else _guessed(reading, found, named=named)
        )
        taken_back = bool(TAKING_BACK & {token.word for token in before})
        if kind in chosen and taken_back and not isinstance(found.read(kind), DateProblem):
            chosen[kind] = found
        elif kind in chosen:
            kind = "birth" if kind == "service" else "service"
            collected = f"{kind}_date" in reading.expectation.missing
            if not collected or found.read(kind) in _NO_BIRTH:
                continue
        awaited = _awaits(reading, kind)
        if kind not in chosen and (awaited or not isinstance(found.read(kind), DateProblem)):
            chosen[kind] = found
    return chosen


def _labelled(before: Sequence[Token], found: Found) -> Kind | None:
    """The role that a label before it on the same line gives a date."""
    for token in reversed(before):
        if token.text == "\n":
            return None
        if token.word in BIRTH_LABELS:
            return "birth"
        if token.word in SERVICE_LABELS and not isinstance(found.service, DateProblem):
            return "service"
    return None


def _guessed(reading: Reading, found: Found, *, named: bool) -> Kind:
    """The role of a date without a label."""
    if not isinstance(found.service, DateProblem):
        only_birth = reading.wants_birth_date and not reading.wants_service_date
        return "birth" if only_birth and found.birth is not DateProblem.NOT_A_DATE else "service"
    if isinstance(found.birth, DateProblem):
        ahead = found.year >= reading.today.year and not named
        if found.birth in _NO_BIRTH or not reading.wants_birth_date:
            return "service"
        return "service" if reading.wants_service_date and ahead else "birth"
    if found.year == reading.today.year and not named and not reading.wants_birth_date:
        return "service"
    if named or reading.wants_birth_date or not reading.wants_service_date:
        return "birth"
    # Nobody asked for a birth date, but one long ago may correct it where that is heard, or come
    # before it is asked for.
    days, expectation = (reading.today - found.birth).days, reading.expectation
    corrects = days > MAX_DAYS_AHEAD and "inform" in expectation.intents
    early = "submit_identity" in expectation.intents and "birth_date" not in expectation.known
    return "birth" if corrects or (early and days > _GROWN_DAYS) else "service"


def _lacks_year(reading: Reading, found: Found) -> bool:
    """Whether a day and month are a birth date whose year was left out: ``4 mei`` where that is
    asked for, or too far off to come on.
    """
    if found.birth is not DateProblem.NO_YEAR or not reading.wants_birth_date:
        return False
    if "service_date" not in reading.expectation.known and found is reading.dates[-1]:
        return False
    asked = reading.expectation.missing[:1] == ("birth_date",)
    far = isinstance(found.service, date) and (found.service - reading.today).days > _SOON_DAYS
    return far or (asked and is_only_days(reading.text, reading.today))


def _awaits(reading: Reading, kind: Kind) -> bool:
    """Whether a wrong date of this kind deserves an answer."""
    if kind == "birth":
        return reading.wants_birth_date
    return reading.wants_service_date or reading.wants_code


def _malformed(reading: Reading, identity: Identity) -> Understood:
    birth = identity.dates.get("birth")
    wrong_birth = birth.text if birth and isinstance(birth.birth, DateProblem) else ""
    known = reading.expectation.known
    entities = identity.entities()
    example = example_form(
        entities,
        known,
        reading.today,
        wrong_birth_date=wrong_birth,
        with_service_date="address" not in reading.expectation.takes,
    )
    return Understood("malformed_form", CONFIDENCE, entities, identity.problems(), example)
