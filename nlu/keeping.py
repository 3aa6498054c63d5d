"""Wanting everything left as it is: ``nanti dulu``, ``jangan dibatalkan``.

Either is heard as ``reject``, being no yes, with the entity ``keeps``: nothing is to be let go.
What is said beside it counts: ``jangan batal, 4 aja`` chooses number 4. A yes that is put off
(``iya bener tp bentar``) asks for a moment; who wonders at being cancelled (``kok dibatalkan``) is
told how things stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.identity import read_identity
from nlu.moving import read_move
from nlu.options import read_option
from nlu.phrases import AFFIRM, ALONE, FILLERS, SELF, VOCATIVES
from nlu.reading import Reading
from nlu.spelling import Token, folded
from nlu.words import WORD_CONFIDENCE, core, phrase_intent

KEEPS: Final = "keeps"

_DONT: Final = folded("jangan ulah ojo ojok jan ampun don't dont")
_UNDONE: Final = folded("batal gajadi gakjadi urung")
"""Before a move they say that there is none, as ``tidak jadi`` does."""

_NOT: Final = _DONT | _UNDONE | folded("tidak bukan not never")
_COMING_OFF: Final = folded("jadi sido sios janten")
_GIVING_UP: Final = folded("batal cancel canceled cancelled dicancel hapus dihapus delete")
_LETTING_GO: Final = folded(
    "lepas lepasin dilepas dilepasin kasih kasihkan kasihin dikasih dikasihkan dikasihin berikan "
    "diberikan oper dioper ditutup hangus dihanguskan diambil release"
)
"""Said no to with ``jangan`` alone; ``tidak hangus kan`` asks."""

_MOVING: Final = folded("pindah ganti geser undur majukan ubah reschedule tunda")
_BETWEEN: Final = (
    FILLERS
    | VOCATIVES
    | SELF
    | _COMING_OFF
    | folded("sampai sampe di usah perlu mau booking antrean to my i we it be")
)
_MOST_BETWEEN: Final = 3
_WHY: Final = folded("kok kenapa knp mengapa napa naha kunaon ngapa why")
_ENDING: Final = "nya"
"""``batalnya ga jadi`` gives nothing up, ``batal, ga jadi`` does."""

_MOMENT: Final = ALONE["wait_a_moment"] - folded("just a on yo") | folded(
    "nanti later mengko mengke engke engkin"
)
_PUTTING_OFF: Final = _MOMENT | folded("belum yet acan dereng")
_FIRST: Final = folded("dulu heula rumiyin waka")
"""Behind :data:`_DONT` they put off; ``nggak dulu deh`` is a polite no."""

_PLAIN_NO: Final = folded("tidak no nope bukan ogah moal emoh henteu salah keliru wrong tolak skip")
_IF: Final = folded("kalau kalo klo nek misal misalnya semisal seandainya if")
_MAY: Final = folded("bisa boleh iso saged tiasa can could may")
_PLEASE: Final = folded("tolong mohon minta please pls tlg")
_ASKING: Final = frozenset("?") | folded(
    "bagaimana apa bisa boleh kena hangus berapa kan caranya what how happens"
)
_WHETHER: Final = frozenset("?") | folded("tidak kan")
_SO: Final = folded("begitu gitu ngono kitu so")
_NEAR: Final = 4
"""Words between ``kalau`` and what would be."""

_BUT: Final = folded("tapi tp but cuma cuman nanging namung")


def read_keeping(reading: Reading) -> Understood | None:
    """That nothing is to be given up, or that a yes has to wait."""
    denied = _denied(reading.tokens)
    if denied is None:
        if _wonders(reading.tokens):
            return Understood("ask_status")
        return Understood("wait_a_moment") if _is_postponed(reading) else None
    rest = replace(reading, text=_beside(reading, denied))
    if _GIVING_UP & set(rest.words):  # "jangan dihapus, dibatalkan aja"
        return None
    options = rest.expectation.options
    number = read_option(rest.words, options) or 0 if rest.words else 0
    if 0 < number <= options:
        return Understood("choose_option", entities=(Entity("option_number", number, rest.text),))
    read = read_move(rest) or read_identity(rest)
    if read and read.intent in {"reschedule", "choose_date"}:
        return replace(read, confidence=1.0)
    alone = set(rest.words) <= _BETWEEN | AFFIRM
    return Understood("reject", 1.0 if alone else WORD_CONFIDENCE, (_keeps(reading),))


def keeps_entities(reading: Reading) -> tuple[Entity, ...]:
    """That a no only puts off: ``jangan dulu``, ``belum``, ``nanti aja``; what is said first counts
    (``enggak, nanti aja``). A no that speaks of cancelling, or of what would be, is one to that.
    """
    words = reading.words
    if _GIVING_UP & set(words) or asks_about_it(reading):
        return (_keeps(reading),)
    later = _PUTTING_OFF | (_FIRST if _DONT & set(words) else frozenset())
    first = next((word for word in words if word in later | _PLAIN_NO), "")
    return (_keeps(reading),) if first in later else ()


def asks_about_it(reading: Reading) -> bool:
    """Whether cancelling, or not coming, is asked about: ``kalau batal gimana``, ``bisa dibatalin
    ga?``; who begs for it asks for it.
    """
    words = [token.word for token in reading.tokens if token.is_word or token.text == "?"]
    deed = next((at for at, word in enumerate(words) if _is_deed(words, at)), len(words))
    before, after = words[max(0, deed - _NEAR) : deed], words[deed + 1 :]
    if deed == len(words) or set(words) & _PLEASE:
        return False
    if set(before) & _IF and not set(before) & _SO:
        return bool(set(after) & _ASKING)
    allowed = max((at for at, word in enumerate(before) if word in _MAY), default=-1)
    return allowed >= 0 and set(before[allowed + 1 :]) <= _BETWEEN and bool(set(after) & _WHETHER)


def _is_deed(words: Sequence[str], at: int) -> bool:
    """Whether a word says that a booking is given up, or that nobody comes."""
    off = words[at] == "tidak" and set(words[at + 1 : at + 2]) & (_COMING_OFF | {"bisa", "datang"})
    return words[at] in _GIVING_UP | _UNDONE or bool(off)


def _keeps(reading: Reading) -> Entity:
    return Entity(KEEPS, value=True, text=reading.text)


def _denied(tokens: Sequence[Token]) -> slice | None:
    """Where a message says that nothing is to be cancelled, deleted or moved."""
    words = [token.word for token in tokens]
    for at, token in enumerate(tokens):
        if token.word in _NOT and (end := _deed_until(words, at)):
            return slice(at, end)
        if token.word in _GIVING_UP and token.text.lower().endswith(_ENDING):
            after = words[at + 1 : at + 3]
            off = after[:1] == ["tidak"] and set(after[1:]) <= _COMING_OFF
            if after and (off or after[0] in _UNDONE):
                return slice(at, at + 1 + (len(after) if off else 1))
    return None


def _wonders(tokens: Sequence[Token]) -> bool:
    """Whether a message asks why something was cancelled."""
    words = [token.word for token in tokens]
    for at in (at for at, word in enumerate(words) if word in _WHY):
        end = _past_between(words, at)
        if _GIVING_UP & set(words[end : end + 1]):
            return True
    return False


def _deed_until(words: Sequence[str], at: int) -> int:
    """Where the deed ends that the word at ``at`` says no to; 0 without one."""
    end = _past_between(words, at)
    deed, between = words[end : end + 1], set(words[at + 1 : end])
    if words[at] not in folded("batal") and _GIVING_UP & set(deed):
        return end + 1
    if words[at] in _DONT and _LETTING_GO & set(deed):
        return end + 1
    undone = words[at] in _DONT | _UNDONE or between & _COMING_OFF
    return end + 1 if undone and _MOVING & set(deed) else 0


def _past_between(words: Sequence[str], at: int) -> int:
    """Where the words end that may stand between the one at ``at`` and the deed."""
    end = at + 1
    while end < len(words) and end - at <= _MOST_BETWEEN and words[end] in _BETWEEN:
        end += 1
    return end


def _beside(reading: Reading, denied: slice) -> str:
    """What else a message says; the day something is not moved to is none that is wanted."""
    tokens = reading.tokens
    after = denied.stop
    if tokens[after - 1].word in _MOVING:
        signs = (n for n in range(after, len(tokens)) if not tokens[n].word.isalnum())
        after = next(signs, len(tokens))
    before = " ".join(token.text for token in tokens[: denied.start])
    rest = reading.text[tokens[after].start :] if after < len(tokens) else ""
    return f"{before} {rest}".strip(" ,.;:!-\n")


def _is_postponed(reading: Reading) -> bool:
    """Whether a message says yes, but not now."""
    words = reading.words
    telling = set(core(words))
    if not telling & (_MOMENT | _FIRST | _BUT) and not set(words) & _BUT:
        return False
    if "join_waitlist" in reading.expectation.intents:  # "ya saya tunggu" is a yes to waiting
        return False
    if telling & _MOMENT and telling & AFFIRM and telling <= _MOMENT | AFFIRM:
        return True
    but = next((at for at, word in enumerate(words) if word in _BUT), 0)
    yes, then = set(words[:but]), words[but + 1 :]
    if not yes & AFFIRM or not yes <= AFFIRM | FILLERS | VOCATIVES:
        return False
    later = set(then) & (_MOMENT | _FIRST)
    return bool(later) and not phrase_intent(then) and not any(word.isdigit() for word in then)
