"""One thing turned down or complained of and another one asked for in its place.

``ga jadi yg 2, 4 aja``, ``jangan tgl 25, 26 aja``, ``kok senin, kan saya minta selasa``, ``saya
pilih nomor 3 kok jadi 2``, ``kok namanya Budi, kan Budiman``, ``yang 2 penuh ya? 3 deh``. What is
turned down is cut out, and the rest is read as if it had been said alone. With no rest the message
tells the part that is wrong: ``lho kok tgl 25``, ``ga mau yg 2``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final, Literal, TypeAlias

from bot.dialogue.events import Entity, Understood
from nlu.correction import CORRECT, WRONG_PART, hears_corrections
from nlu.days import exact
from nlu.identity import find_identity
from nlu.options import numbered, read_option
from nlu.phrases import BIRTH_LABELS, FILLERS, GREET, SELF, VOCATIVES
from nlu.reading import Reading
from nlu.refused import PREVENTED, missed_days
from nlu.spelling import Token, fold, folded
from nlu.words import phrase_intent, strong_intent
from nlu.wrongness import says_wrong

Part: TypeAlias = Literal["option_number", "service_date", "birth_date", "person_name"]

_WHOLE: Final = folded("gajadi gakjadi gajd ngajadi nggajadi urung batal can't cannot")
_UNDONE: Final = _WHOLE | folded("tidak moal")
_BUT_FOR: Final = folded("selain kecuali except setelah sesudah sebelum after before")
_DONT: Final = folded("jangan ulah ojo")
_NOT: Final = _UNDONE | _BUT_FOR | _DONT | folded("bukan not sanes dudu cancel")
_BECOME: Final = folded("jadi sido sios janten mau bisa iso tiasa saged kalau kalo")
"""After ``tidak``: ``ga jadi yg 2``, ``ga mau tgl 25``, ``ga bisa senin``."""

_GIVING_UP: Final = _WHOLE | folded("cancel jadi sido sios janten")
"""With these, what is named may be all of it: ``batal tgl 25`` is no wish for another day."""

_TAKEN: Final = folded("penuh full habis tutup pinuh kebak")
_BY_NOW: Final = folded("sudah lagi ternyata keburu is wis")
"""Between what is full and that it is: ``tgl 25 udah penuh``."""

_SINCE: Final = folded("karena krn soalnya sebab ada lagi because soale jalaran amargi margi sabab")
"""Before why a day does not suit, which is no wish: ``ga bisa senin, ada kerjaan``."""

_NEVER: Final = folded("never mind nevermind nvm")
_COMPLAINT: Final = folded("kok kenapa mengapa ngapa naha why")
_HOW_COME: Final = [fold("how"), "come"]
_BEFORE_COMPLAINT: Final = (
    GREET
    | VOCATIVES
    | FILLERS
    | folded("lho loh lo lah hah ha eh ih waduh aduh wah oh maaf tapi sorry but")
)
_BECOMES: Final = folded(
    "jadi dadi bisa malah dapat dapet tertulis tulis is it its it's was di ke on saya did you put "
    "write untuk buat ditulis am i are we"
)
"""Between the complaint and what is complained of: ``kok malah jadi tgl 25``."""

_ASKED: Final = (
    FILLERS
    | VOCATIVES
    | SELF
    | folded(
        "kan aku ku tp ganti pindah minta mau bilang pilih milih tadi pesan pesen request said "
        "asked for wanted chose told i my benar sebenarnya maksud tetapi namun mending "
        "mendingan but rather picked tulis nulis ngomong ketik it it's is should be nyuwun "
        "njaluk njaluke menta padahal kalau kalo gitu begitu ngono kitu then so"
    )
)
"""Before what is asked for in its place: ``kan saya minta …``."""

_LISTING: Final = folded("nomor no pilihan opsi option number ke")
_DATE: Final = folded("tanggal hari date day the")
_NAME: Final = folded("nama name")
_LABEL: Final = _LISTING | _DATE | _NAME | BIRTH_LABELS | folded("yang nu sing ingkang atas ini my")
_SIGNS: Final = frozenset(",.;:?!-\n")
_MOST: Final = 4
"""Refusals looked at in one message."""

_LONGEST: Final = 5
"""Tokens of a day or number that is turned down after it is named."""

_MOST_DIGITS: Final = 2
_LABELS: Final = {
    "option_number": ("", "tanggal ", "the "),
    "service_date": ("", "tanggal ", "the "),
    "birth_date": ("", "lahir "),
    "person_name": ("", "nama "),
}
_WRONG: Final = {"person_name": "name", "birth_date": "birth_date"}
_DAYS: Final[frozenset[Part]] = frozenset({"option_number", "service_date"})
_STARTS: Final = _NOT | _NEVER | _TAKEN | _COMPLAINT | PREVENTED | {"come"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is turned down, by tokens.

    Args:
        first, until: of the whole of it.
        part: what it is; a bare number is one of the list, if there is such a list.
        day: the day, if it is one.
        complains: ``kok tgl 25``, not ``jangan tgl 25``.
        alone: whether it means something with nothing asked for in its place.
        wanted: where what is wanted may stand, the likelier place first.
    """

    first: int
    until: int
    part: Part
    day: date | None
    complains: bool
    alone: bool
    wanted: tuple[slice, ...]


def read_instead(reading: Reading) -> Understood | None:
    """What is asked for in place of something else, or which part is complained of."""
    if _STARTS.isdisjoint(reading.words):
        return None
    if _does_not_come(reading):
        return Understood("reject")
    for refusal in islice(_refusals(reading), _MOST):
        for place in refusal.wanted:
            text = _stripped(reading, reading.tokens[place])
            if text and (told := _told(reading, refusal, text)):
                return _heard(reading, refusal, told)
        if _is_all(reading, refusal) and (alone := _turned_down(reading, refusal)):
            return alone
    return None


def _turned_down(reading: Reading, refusal: Refusal) -> Understood | None:
    """What a day or part means that is turned down, and nothing is asked for instead."""
    if hears_corrections(reading):
        part = "service_date" if refusal.part in _DAYS else _WRONG[refusal.part]
        return Understood(CORRECT, entities=(Entity(WRONG_PART, part, reading.text),))
    if refusal.complains:
        return None
    if "ask_dates" in reading.expectation.intents:
        return Understood("ask_dates")
    absent = refusal.part == "service_date" and not reading.wants_service_date
    return Understood("reject") if absent else None  # "besok ga bisa"


def _does_not_come(reading: Reading) -> bool:
    """Whether somebody who chooses no day says that they cannot come on one, and nothing else:
    ``besok saya ga bisa datang``.
    """
    if reading.is_open or reading.wants_service_date or not reading.dates:
        return False
    missed = missed_days(reading)
    others = any(found.first not in missed for found in reading.dates)
    return not others and phrase_intent(reading.words) in {"", "reject"}


def _refusals(reading: Reading) -> Iterator[Refusal]:
    words = [token.word for token in reading.tokens]
    for at, word in enumerate(words):
        if word in _COMPLAINT or words[at : at + 2] == _HOW_COME:
            after = _past(words, at + 1 + (word not in _COMPLAINT), _BECOMES)
            negated = words[after : after + 1] != [] and words[after] in _NOT
            if found := _thing(reading, after + negated):
                rest = slice(after + 1, found[0]) if negated else slice(found[0], None)
                places = (slice(0, at), rest) if negated else (rest, slice(0, at))
                yield Refusal(at, *found, complains=True, alone=True, wanted=places)
        elif word in _TAKEN:
            end = next(n for n in range(at, -1, -1) if not n or words[n - 1] not in _BY_NOW)
            if before := _ending(reading, end):
                rest = slice(at + 1, None)
                yield Refusal(0, at + 1, *before, complains=False, alone=False, wanted=(rest,))
        elif word in _NOT | _NEVER:
            after = _past(words, at + 1, _BECOME | _NEVER)
            ends = word in _DONT and words[after : after + 1] in ([], [","], ["."], [";"], ["\n"])
            undone = ends or word in _WHOLE or (word in _UNDONE and after > at + 1)
            alone = _GIVING_UP.isdisjoint(words[at:after]) and word not in _NEVER
            before = _ending(reading, at) if undone else None
            if before:
                rest = slice(after, None)
                yield Refusal(0, after, *before, complains=False, alone=alone, wanted=(rest,))
            elif (found := _thing(reading, after)) and found[1] in _DAYS:
                places = (slice(found[0], None), slice(0, at))
                yield Refusal(at, *found, complains=False, alone=alone, wanted=places)


def _past(words: Sequence[str], at: int, table: frozenset[str]) -> int:
    """Where words of a table, from ``at`` on, end."""
    return next((n for n in range(at, len(words)) if words[n] not in table), len(words))


def _ending(reading: Reading, end: int) -> tuple[Part, date | None] | None:
    """The day or number of the list that ends before token ``end``: ``nomor 2 ga jadi``."""
    found = (_thing(reading, at) for at in range(max(0, end - _LONGEST), end))
    things = (each for each in found if each and each[0] == end and each[1] in _DAYS)
    return next(((part, day) for _, part, day in things), None)


def _thing(reading: Reading, at: int) -> tuple[int, Part, date | None] | None:
    """Where what is named from token ``at`` on ends, which part it is, and the day it is."""
    tokens, labels = reading.tokens, set[str]()
    while at < len(tokens) and tokens[at].word in _LABEL:
        if any(found.first == at for found in reading.dates):
            break
        labels.add(tokens[at].word)
        at += 1
    if at >= len(tokens):
        return None
    for found in reading.dates:
        if found.first == at:
            born = bool(labels & BIRTH_LABELS)
            day = found.birth if born else found.service
            part: Part = "birth_date" if born else "service_date"
            return found.until, part, day if isinstance(day, date) else None
    if until := _name_until(reading, at, labelled=bool(labels & _NAME)):
        return until, "person_name", None
    number = numbered(tokens[at])
    if number is None or labels & (_NAME | BIRTH_LABELS):
        return None
    expectation = reading.expectation
    if 0 < number <= expectation.options and not labels & _DATE:
        return at + 1, "option_number", None
    short = tokens[at].is_number and len(tokens[at].text) <= _MOST_DIGITS
    awaited = reading.wants_service_date or reading.confirms or expectation.options
    return (at + 1, "service_date", None) if short and awaited else None


def _name_until(reading: Reading, at: int, *, labelled: bool) -> int:
    """Where a name that begins at token ``at`` ends: the one known, or one after ``nama``; or 0."""
    tokens = reading.tokens
    known = set(folded(str(reading.expectation.known.get("person_name", ""))))
    until = at
    while until < len(tokens) and tokens[until].is_word and tokens[until].word not in _ASKED | _NOT:
        if not labelled and tokens[until].word not in known:
            break
        until += 1
    return until if until > at else 0


def _stripped(reading: Reading, tokens: Sequence[Token]) -> str:
    """The text of tokens without what only leads up to it."""
    lead = _ASKED | _NOT | _BEFORE_COMPLAINT | _SIGNS
    start = _past([token.word for token in tokens], 0, lead)
    return reading.text[tokens[start].start : tokens[-1].end] if start < len(tokens) else ""


def _told(reading: Reading, refusal: Refusal, text: str) -> tuple[Entity, ...]:
    """What a text asks for, as the same part as what is turned down; nothing for others."""
    alone, kinds = replace(reading, text=text), frozenset({refusal.part})
    if refusal.part in _DAYS:
        kinds = _DAYS
        options, words = reading.expectation.options, alone.words
        number = read_option(words, options) or 0
        listed = refusal.part == "option_number" or not _is_bare(words)
        if 0 < number <= options and listed:
            return (Entity("option_number", number, text),)
        if number and _LISTING.isdisjoint(words):
            day = _beside(refusal, number, reading.today)
            alone = replace(reading, text=f"{day:%d-%m-%Y}" if day else f"tanggal {number}")
    if len(alone.dates) > 1:  # "ga bisa senin selasa rabu": none of them is asked for
        return ()
    for label in _LABELS[refusal.part]:
        told = find_identity(replace(alone, text=label + alone.text)).entities()
        if right := [entity for entity in told if entity.type in kinds]:
            return (replace(right[0], text=text),)
    return ()


def _is_bare(words: Sequence[str]) -> bool:
    """Whether a number is said without a word that makes it one of the list."""
    return any(word.isdigit() for word in words) and _LISTING.isdisjoint(words)


def _beside(refusal: Refusal, number: int, today: date) -> date | None:
    """The day of that number beside the one turned down; ``None`` where that is over."""
    day = exact(refusal.day.year, refusal.day.month, number) if refusal.day else None
    return day if day and day >= today else None


def _heard(reading: Reading, refusal: Refusal, told: tuple[Entity, ...]) -> Understood:
    """What is asked for, under the name that the open state listens to."""
    intents, kind = reading.expectation.intents, told[0].type
    if hears_corrections(reading) and (refusal.complains or says_wrong(reading.tokens)):
        return Understood(CORRECT, entities=told)
    choosing = {"option_number": "choose_option", "service_date": "choose_date"}.get(kind, "inform")
    moves = kind == "service_date" and not (reading.is_open or reading.wants_service_date)
    if moves and choosing not in intents:
        return Understood("reschedule", entities=told)
    return Understood(choosing, entities=told)


def _is_all(reading: Reading, refusal: Refusal) -> bool:
    """Whether the message says nothing else; other days beside one turned down are so, too."""
    dates = () if refusal.complains else reading.dates
    beside = {at for found in dates for at in range(found.first, found.until)}
    around = [
        token.word
        for at, token in enumerate(reading.tokens)
        if not refusal.first <= at < refusal.until and at not in beside and token.word not in _SIGNS
    ]
    reasons = () if refusal.complains else _SINCE
    since = next((at for at, word in enumerate(around) if word in reasons), len(around))
    said, why = around[:since], around[since:]
    tells_more = strong_intent(why) or any(word.isdigit() for word in why)
    return refusal.alone and not tells_more and set(said) <= _BEFORE_COMPLAINT
