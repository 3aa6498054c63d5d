"""Words for a family: how many people come, and whether whoever writes is one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nlu.spelling import fold, folded
from nlu.words import core

MOST: Final = 99
_SHORT: Final = 4
"""Words of a message that says nothing but how many."""

_NUMBERS = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh"
_ENGLISH = "one two three four five six seven eight nine ten"
_TOGETHER = "berdua bertiga berempat berlima berenam bertujuh berdelapan bersembilan bersepuluh"
COUNTS: Final = {
    fold(word): n for words in (_NUMBERS, _ENGLISH) for n, word in enumerate(words.split(), start=1)
}
_TOGETHER_COUNTS = {fold(word): n for n, word in enumerate(_TOGETHER.split(), start=2)}

RELATIONS: Final = {
    "child": folded(
        "anak anakku balita bayi dedek son daughter child children kids kid baby bocah budak"
    ),
    "elderly": folded(
        "ibu bapak ayah mama papa mertua nenek kakek simbah orangtua mother father parents parent "
        "grandma grandmother grandpa grandfather mom dad mbah lansia ibuku bapakku ayahku mamaku "
        "nenekku kakekku emak mak emakku mamak nyokap bokap enyak babe abah umi abi ortu"
    ),
    "spouse": folded("istri suami wife husband bojo istriku suamiku"),
    "sibling": folded("adik kakak saudara brother sister sepupu keponakan adikku kakakku"),
}
KIN: Final = frozenset().union(*RELATIONS.values())
_VOCATIVE = folded("ibu bapak ayah mama papa kakak adik mom dad")
SELF: Final = folded("saya me i myself sendiri diri")
"""Whoever writes."""
_OWN = frozenset(word for word in KIN if word.endswith("ku"))
_JOINED = folded("dan sama dengan bareng bersama beserta serta plus and with ajak")
FOR: Final = folded("untuk for buat daftar daftarkan daftarin daftarkeun kanggo gawe register sign")
"""Words before whom something is done for."""
_PERSONS = folded("orang org people persons person anggota jiwa pax")
_WHOLE = folded("sekeluarga keluarga family rombongan")
_TRIGGERS = FOR | _WHOLE | folded("kami ajak book booking antrean paspor perpanjang group kita")
_SPEAKING_OF_SEVERAL: Final = KIN | _PERSONS | _WHOLE | _TOGETHER_COUNTS.keys()
"""Without one of them a message speaks of no company."""

_MINE = folded("saya my kandung")
SPEAKING: Final = (
    KIN | SELF | _JOINED | FOR | _PERSONS | _WHOLE | _TRIGGERS | _TOGETHER_COUNTS.keys()
)
"""Words that speak of people and name nobody."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who is to be registered.

    Args:
        count: how many, 0 when that is not said.
        relation: what the one who comes is to whoever writes and stays away; empty when they come.
    """

    count: int = 0
    relation: str = ""


def company_in(words: Sequence[str], *, listing: bool = False) -> Company | None:
    """The company a message speaks of; ``None`` when it does not.

    Args:
        listing: a list of people is being made, so a bare ``4 orang`` is about it.
    """
    if _SPEAKING_OF_SEVERAL.isdisjoint(words):
        return None
    words = _joined(words)
    about = listing or bool(_TRIGGERS & set(words)) or len(core(words)) <= _SHORT
    kin = list(_kin(words))
    with_self = _comes_too(words, [at for at, _, _ in kin])
    if kin and with_self and about:
        return Company(1 + sum(count for _, _, count in kin))
    total = _total(words)
    if total > 1 and about:
        return Company(total)
    if kin and FOR & set(words) and all(_is_for(words, at) for at, _, _ in kin[:1]):
        return Company(sum(count for _, _, count in kin), kin[0][1])
    if _WHOLE & set(words) and (FOR & set(words) or words[0] in _WHOLE):
        return Company()
    return None


def relative_in(words: Sequence[str]) -> str:
    """What somebody is to whoever writes, where that is said: ``anak saya``, ``my mother``."""
    words = _joined(words)
    for at, word in enumerate(words):
        mine = words[at + 1 : at + 2] == ["saya"] or words[at - 1 : at] == ["my"]
        if word in _OWN or (word in KIN and mine):
            return next(kind for kind, table in RELATIONS.items() if word in table)
    return ""


def _joined(words: Sequence[str]) -> list[str]:
    """With ``orang tua`` as one word: they are parents, not a number of people."""
    joined: list[str] = []
    for word in words:
        if word == "tua" and joined[-1:] == ["orang"]:
            joined[-1] = "orangtua"
        else:
            joined.append(word)
    return joined


def _kin(words: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Each relative: where, what, and how many of them."""
    for at, word in enumerate(words):
        if word not in KIN:
            continue
        before, after = words[at - 1 : at], words[at + 1 : at + 2]
        named = (before and before[0] in _JOINED | FOR | _MINE) or (after and after[0] in _MINE)
        count = _number(before[0]) if before else 0
        count = count or (_number(after[0]) if after else 0)
        if word in _VOCATIVE and not named and not count:
            continue
        kind = next(kind for kind, table in RELATIONS.items() if word in table)
        yield at, kind, count or 1


def _comes_too(words: Sequence[str], kin: Sequence[int]) -> bool:
    """Whether whoever writes is one of them: ``saya dan istri``, ``sama suami``."""
    if not kin:
        return False
    pairs = zip(words[kin[0] + 1 :], words[kin[0] + 2 :], strict=False)
    if any(word in _JOINED and after in SELF for word, after in pairs):
        return True
    before = words[: kin[0]]
    while before and _number(before[-1]):
        before = before[:-1]
    if not before:
        return False
    last = before[-1]
    if last in _JOINED or (last in _MINE and before[-2:-1] and before[-2] in _JOINED):
        return True
    return last in SELF - {"i"} and words[kin[0]] not in SELF


def _total(words: Sequence[str]) -> int:
    """``4 orang``, ``berempat``, ``keluarga 5``, ``family of four``."""
    for at, word in enumerate(words):
        if word in _TOGETHER_COUNTS:
            return _TOGETHER_COUNTS[word]
        if word in _PERSONS and at and (count := _number(words[at - 1])):
            return count
        if word in _WHOLE:
            for near in words[at + 1 : at + 3]:
                if count := _number(near):
                    return count
    return 0


def _is_for(words: Sequence[str], at: int) -> bool:
    """Whether the relative at ``at`` is whom it is done for."""
    return any(word in FOR for word in words[max(0, at - 3) : at])


def _number(word: str) -> int:
    if word.isdecimal() and len(word) <= len(str(MOST)):
        return int(word)
    return COUNTS.get(word, 0)
