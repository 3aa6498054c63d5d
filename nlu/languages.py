"""Which language somebody wants to be answered in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.dialogue.events import NOTHING_UNDERSTOOD, Entity, Understood
from nlu.reading import Reading
from nlu.spelling import folded

USUAL: Final = "id"

_NAMES: Final = {
    **dict.fromkeys(folded("english inggris"), "en"),
    **dict.fromkeys(folded("indonesia indonesian indo"), "id"),
}
_REFUSING: Final = folded("tidak jangan bukan kurang not dont doesnt cant cannot never dari from")
_COMPLAINING: Final = folded("kok kenapa knp mengapa why loh lho")
"""Before a language's name it is not wanted; with a no beside it, its absence is complained of."""

_ASKING: Final = folded("bisa boleh ada mau dapat bs")
"""Before a no it makes a question: ``bisa ga pakai bahasa inggris``."""

_REACH: Final = 4
"""Words before a language's name that may speak of it."""

_BEFORE: Final = folded("in speak pakai pake pke dalam dlm gunakan menggunakan")
_BETWEEN: Final = folded("bahasa basa bhs b")
_PLEASE: Final = folded("please pls plis")


def wanted_language(words: Sequence[str]) -> str:
    """The language a ``change_language`` message asks for: the one named last that is wanted, the
    other one where one is unwanted, and the usual one where none is named.

    Args:
        words: folded.
    """
    named = list(_named(words))
    wanted = [language for _, language, is_wanted in named if is_wanted]
    if wanted:
        return wanted[-1]
    return "en" if any(language == "id" for _, language, _ in named) else USUAL


def in_language(reading: Reading, understood: Understood) -> Understood:
    """What was understood, with the language it asks for beside it: ``I would like a passport, in
    English please``.
    """
    if understood.intent == NOTHING_UNDERSTOOD.intent or any(
        each.type == "language" for each in understood.entities
    ):
        return understood
    asked = [
        language
        for at, language, is_wanted in _named(reading.words)
        if is_wanted and _is_asked(reading.words, at)
    ]
    if not asked:
        return understood
    told = Entity("language", asked[-1], reading.text)
    return replace(understood, entities=(*understood.entities, told))


def _named(words: Sequence[str]) -> Iterator[tuple[int, str, bool]]:
    """Where a language is named, which, and whether it is wanted."""
    begin = 0
    for at, word in enumerate(words):
        if word in _NAMES:
            near = range(max(begin, at - _REACH), at)
            refused = any(_is_refused(words, each) for each in near)
            complained = any(words[each] in _COMPLAINING for each in near)
            yield at, _NAMES[word], refused == complained
            begin = at + 1


def _is_refused(words: Sequence[str], at: int) -> bool:
    return words[at] in _REFUSING and not (at and words[at - 1] in _ASKING)


def _is_asked(words: Sequence[str], at: int) -> bool:
    """Whether the name at ``at`` is asked for in so many words, whatever else is said."""
    before = at - 1
    if before >= 0 and words[before] in _BETWEEN:
        before -= 1
    after = words[at + 1] if at + 1 < len(words) else ""
    return (before >= 0 and words[before] in _BEFORE) or after in _PLEASE
