"""Several people in one conversation: who they are, how many, and what to change in the list.

``saya mau daftar sekeluarga 4 orang``, ``untuk saya, istri dan 2 anak``, a line for each person,
``hapus nomor 2``, ``ganti nomor 3 jadi …``, ``batalkan yang nomor 3``. What changes a list is heard
only where the open state listens for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.booking.roster import write_members
from bot.dialogue.events import Entity, Problem, Understood
from nlu.examples import example_form
from nlu.identity import CONFIDENCE, find_identity
from nlu.kin import COUNTS, FOR, KIN, Company, company_in
from nlu.members import Told, named_in, told_in
from nlu.options import read_option
from nlu.phrases import FILLERS, VOCATIVES
from nlu.reading import Reading
from nlu.spelling import Token, folded
from nlu.words import WORD_CONFIDENCE, strong_intent
from nlu.wrongness import says_wrong

DROP: Final = "drop_member"
REPLACE: Final = "replace_member"
CHOOSE: Final = "choose_member"
DONE: Final = "done"
_MOST: Final = 20

_DROPPING = folded("hapus buang coret keluarkan hilangkan delete remove drop")
_REPLACING = folded("ganti ubah koreksi perbaiki change replace edit")
_INTO = folded("jadi menjadi harusnya seharusnya mestinya dengan to with into should")
_NUMBER = folded("nomor no number peserta orang ke yang")
_EVERYBODY = folded("semua semuanya sekeluarga seluruh seluruhnya all everyone everybody kabeh")
_OF_ANOTHER = KIN | {"tua"}
"""Without one of them nobody is said to be a relative; ``orang tua`` is two words."""

_NOT_COMING = folded("tidak gajadi gakjadi batal urung")
_COMING_ALONG = folded("ikut ikutan milu melu datang hadir")
_ADDING = folded(
    "tambah tambahkan tambahin tambahan nambah juga sekalian ikut plus dan sama also too add and"
)
"""With these somebody comes beside the one a seat is held for."""

_WHOSE = folded("untuk atas nama an punya milik booking atasnama for of batal cancel")
_DONE_WORDS = folded(
    "sudah itu saja cukup selesai lengkap segitu sekian semua done finished thats that is all "
    "enough complete wis sampun cekap tos rampung ok oke ya beres pas tidak ada lagi no more none"
)
_DONE_CORE = folded("sudah cukup selesai lengkap segitu sekian done finished all enough complete "
                    "wis sampun cekap rampung beres itu no tidak")  # fmt: skip


def read_family(reading: Reading) -> Understood | None:
    """Several people, or a change to the list of them; ``None`` for all else."""
    intents = reading.expectation.intents
    if strong_intent(reading.words):
        return Understood("reject") if DROP in intents and _fewer(reading.words) else None
    chosen = member_entities(reading, alone=True) if CHOOSE in intents else ()
    if chosen:
        return Understood(CHOOSE, CONFIDENCE, chosen)
    if DROP in intents and (changed := _change(reading)):
        return changed
    company = _company(reading)
    if company is None and not _may_name_people(reading):
        told = Told()
    else:
        told = told_in(reading.tokens, reading.text, reading.dates)
    if named := _people(reading, told):
        return named
    if DONE in intents and _is_done(reading.words):
        return Understood(DONE, CONFIDENCE)
    return _counted(reading, company, told) if company else None


def _fewer(words: Sequence[str]) -> bool:
    """Whether another number of people is turned down: ``ga jadi bertiga, berdua aja``."""
    for at, word in enumerate(words):
        off = word in _NOT_COMING and (word != "tidak" or words[at + 1 : at + 2] == ("jadi",))
        after = words[at + 1 + (word == "tidak") :]
        if off and company_in(after[:2], listing=True):
            return True
    return False


def _adds(reading: Reading) -> bool:
    """Whether somebody is to come beside the one whose data are to be confirmed."""
    expectation = reading.expectation
    held = reading.confirms and "person_name" in expectation.known
    if not held or "address" in expectation.takes or says_wrong(reading.tokens):
        return False
    words = set(reading.words)
    return bool(words & _ADDING or (words & KIN and not words & FOR))


def _may_name_people(reading: Reading) -> bool:
    """Whether a message may name as many as :func:`_people` wants. Most do not, which is seen from
    where words stand, without a look at what they are: dates and line breaks part people.
    """
    another = not _OF_ANOTHER.isdisjoint(reading.words) or _adds(reading)
    if another or DROP in reading.expectation.intents:
        return bool(reading.dates)
    if len(reading.dates) <= 1:
        return False
    parting = {at for date in reading.dates for at in (date.first, date.until)}
    named, told = 0, False
    for at, token in enumerate(reading.tokens):
        told = told and not (at in parting or token.is_number or token.text == "\n")
        named += token.is_word and not told
        told = told or token.is_word
    return named > 1


def _people(reading: Reading, told: Told) -> Understood | None:
    """Those the message names, if they are enough to be a family."""
    listing = DROP in reading.expectation.intents
    wrong = [problem for problem in told.problems if problem.part == "birth_date"]
    few = 1 if listing or _is_of_another(reading, told) or _adds(reading) else 2
    if told.members and len(told.members) + len(wrong) >= few:
        return _named(reading, told)
    if listing and not reading.wants_birth_date and any(told.unborn):
        return _unborn(reading, told, wrong[0])
    return None


def _is_of_another(reading: Reading, told: Told) -> bool:
    """Whether one person is named that is not who writes: ``anak saya Adi 3-4-2022``.

    Where an address is taken too, the person's form is read as a whole.
    """
    of_another = bool(told.relation) and not told.with_owner
    return of_another and "address" not in reading.expectation.takes


def _company(reading: Reading) -> Company | None:
    """How many people come, and for whom, where a message says that."""
    if "?" in reading.text:
        return None
    return company_in(reading.words, listing=DROP in reading.expectation.intents)


def _counted(reading: Reading, company: Company, told: Told) -> Understood:
    """How many people, for whom and when."""
    entities = [Entity("people_count", company.count, reading.text)] if company.count else []
    if company.relation:
        entities.append(Entity("relation", company.relation, reading.text))
    return Understood("family", WORD_CONFIDENCE, (*entities, *_day(told.services)))


def member_entities(reading: Reading, *, alone: bool = False) -> tuple[Entity, ...]:
    """Which member of a family a message means: ``yang nomor 3``, ``untuk Ani``, ``semua``.

    Args:
        alone: the message says nothing else, so a bare name or number counts.
    """
    words = reading.words
    if set(words) & _EVERYBODY:
        return (Entity("member_number", 0, reading.text),)
    if number := _number(reading, needs_word=not alone):
        return (Entity("member_number", number, reading.text),)
    at = next((n for n, token in enumerate(reading.tokens) if token.word in _WHOSE), None)
    if at is None and not alone:
        return ()
    name = named_in(reading.tokens[at or 0 :], reading.text)
    return (Entity("member_name", name, name),) if name else ()


def leaving(reading: Reading) -> tuple[Entity, ...]:
    """Which one of a family does not come along: ``Kevin ga jadi ikut``, ``anaknya batal ikut``."""
    tokens = reading.tokens
    at = next((n for n, token in enumerate(tokens) if token.word in _NOT_COMING), 0)
    if not at or _COMING_ALONG.isdisjoint(token.word for token in tokens[at:]):
        return ()
    kin = next((token.text for token in tokens[:at] if token.word in KIN), "")
    name = named_in(tokens[:at], reading.text) or kin
    return (Entity("member_name", name, name),) if name else ()


def _named(reading: Reading, told: Told) -> Understood:
    members = Entity("members", write_members(told.members), reading.text)
    entities = (members, *_relation(reading, told), *_day(told.services))
    if reading.is_open and len(told.members) == 1:
        entities += tuple(
            entity for entity in find_identity(reading).entities() if entity.type != "service_date"
        )
    if told.problems:
        example = "\n".join(f"{each['name']} {_typed(each['birth_date'])}" for each in told.members)
        return Understood("malformed_form", CONFIDENCE, entities, tuple(told.problems), example)
    return Understood("family", CONFIDENCE, entities)


def _unborn(reading: Reading, told: Told, problem: Problem) -> Understood:
    """One more for a list that is complete, with a birth date that cannot be any."""
    name = next(filter(None, told.unborn))
    example = example_form(
        (Entity("person_name", name),),
        {},
        reading.today,
        wrong_birth_date=problem.value,
        with_service_date=False,
    )
    return Understood("malformed_form", CONFIDENCE, (), (problem,), example)


def _relation(reading: Reading, told: Told) -> tuple[Entity, ...]:
    """What those named are to whoever writes and is not among them; of one, that it is one."""
    listing = DROP in reading.expectation.intents
    if told.with_owner or not told.relation or listing or _adds(reading):
        return ()
    relation = Entity("relation", told.relation, reading.text)
    alone = len(told.members) == 1
    return (relation, Entity("people_count", 1, reading.text)) if alone else (relation,)


def _typed(day: str) -> str:
    return "-".join(reversed(day.split("-")))


def _day(services: Sequence[str]) -> tuple[Entity, ...]:
    """The one day all come on, if the message says it."""
    return (Entity("service_date", services[0]),) if len(set(services)) == 1 else ()


def _change(reading: Reading) -> Understood | None:
    """``hapus nomor 2``, ``ganti nomor 3 jadi Ani 3 mei 2019``."""
    words = [word for word in reading.words if word not in FILLERS | VOCATIVES]
    if words and words[0] in _DROPPING:
        start = _after(reading.tokens, _DROPPING)
        whom = _whom(reading, reading.tokens[start:])
        return Understood(DROP, CONFIDENCE, whom) if whom else None
    into = next((n for n, token in enumerate(reading.tokens) if token.word in _INTO), None)
    if not words or not (words[0] in _REPLACING or (into and _number(reading))):
        return None
    start = _after(reading.tokens, _REPLACING)
    end = into if into is not None and into >= start else _past_number(reading.tokens, start)
    whom = _whom(reading, reading.tokens[start:end])
    told = told_in(reading.tokens, reading.text, reading.dates, since=end, partly=True)
    if not whom or not told.members:
        return None
    members = Entity("members", write_members(told.members[:1]), reading.text)
    return Understood(REPLACE, CONFIDENCE, (*whom, members))


def _after(tokens: Sequence[Token], words: frozenset[str]) -> int:
    """Where the first of ``words`` ends; the beginning without one."""
    return next((n + 1 for n, token in enumerate(tokens) if token.word in words), 0)


def _past_number(tokens: Sequence[Token], start: int) -> int:
    """Where the number of a member ends."""
    found = (n + 1 for n in range(start, len(tokens)) if _as_number(tokens[n]))
    return next(found, len(tokens))


def _whom(reading: Reading, tokens: Sequence[Token]) -> tuple[Entity, ...]:
    number = next((n for token in tokens if (n := _as_number(token))), None)
    if number is None:
        number = read_option([token.word for token in tokens if token.is_word], _MOST)
    if number:
        return (Entity("member_number", number, reading.text),)
    name = named_in(tokens, reading.text)
    return (Entity("member_name", name, name),) if name else ()


def _number(reading: Reading, *, needs_word: bool = True) -> int | None:
    """The number in the list that a message names; ``nomor 3``, ``yang ketiga``."""
    before = ""
    for token in reading.undated:
        number = _as_number(token)
        if number and (not needs_word or before in _NUMBER):
            return number
        if token.is_word or token.is_number:
            before = token.word
    rest = [word for word in reading.words if word != "batal"]
    return read_option(rest, _MOST)


def _as_number(token: Token) -> int | None:
    """A number in the list, as digits or as a word (``dua``)."""
    if token.is_number and len(token.text) <= len(str(_MOST)):
        return int(token.text) if 0 < int(token.text) <= _MOST else None
    return COUNTS.get(token.word)


def _is_done(words: Sequence[str]) -> bool:
    said = set(words) - VOCATIVES
    return bool(said & _DONE_CORE) and said <= _DONE_WORDS | FILLERS
