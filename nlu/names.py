"""Names of people: the name part of a form, and names in ordinary sentences.

One-word names are normal. Forms of address before a name and degrees after it are left out; what
the tables know as an ordinary word is no name unless the person says that it is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from nlu.dates import Found
from nlu.phrases import BIRTH_LABELS, SERVICE_LABELS, WRONG
from nlu.spelling import Token, clean, fold, folded
from nlu.words import KNOWN, PERIPHERAL

MAX_LETTERS: Final = 60
MIN_LETTERS: Final = 2
MAX_WORDS: Final = 7
MAX_TOKENS: Final = 16

_TITLES = folded(
    "pak bu bapak ibu bpk kak kakak mas mbak mba sdr sdri saudara saudari tn ny nn tuan nyonya "
    "nona h hj haji hajah drs dra dr drg ir prof kh ust ustadz mr mrs ms"
)
_DOTTED_DEGREE = re.compile(r"(?:s|m|a|d|sp|ph)\.[a-z]{1,4}(?:\.[a-z]{1,4})?\.?", re.IGNORECASE)
_BARE_DEGREES = folded("sh se st skom spd sik ssi mm mt mh mba msi mkom mpd amd amk phd md")
_INSIDE = frozenset("'-")
_MAX_ABBREVIATION_LETTERS: Final = 4
"""A full stop after a longer word ends a sentence, not ``Moh.`` or ``Prof.``."""

_ANNOUNCING = frozenset({"nama", "name"})
_AFTER_ANNOUNCING = (
    folded(
        "lengkap saya aku adalah is pemohon sesuai ktp anak ya harus seharusnya mestinya yang "
        "benar betul should be"
    )
    | WRONG
    | set(":=-\"'*_,")
)
_CORRECTING = WRONG | folded("harus seharusnya mestinya should")
_LABELS = BIRTH_LABELS | SERVICE_LABELS | folded("tanggal tempat")
_ALSO_NAMES = folded("hari bagus salam kasih selamat")
_ORDINARY = KNOWN - _ALSO_NAMES


class NameProblem(StrEnum):
    """Why a text is no name; the values are reasons of a ``Problem``."""

    NOT_A_NAME = "not_a_name"


def check_name(text: str) -> str | NameProblem:
    """The name a text holds: single spaces, case as typed, titles and degrees left out.

    It has at least ``MIN_LETTERS`` letters and at most ``MAX_LETTERS`` characters, and no digits.
    Emoji are dropped.
    """
    plain = "".join(" " if unicodedata.category(c)[0] in "SC" else c for c in clean(text))
    name = _untitled(_undegreed(plain.strip(" *_~\"'-:;,.()[]")))
    strange = any(not (c.isalpha() or c in " .'-" or unicodedata.combining(c)) for c in name)
    letters = sum(c.isalpha() for c in name)
    if strange or letters < MIN_LETTERS or len(name) > MAX_LETTERS:
        return NameProblem.NOT_A_NAME
    return name


def announced_name(tokens: Sequence[Token], text: str) -> str:
    """The name after ``nama saya``, ``Nama:`` or ``a.n.``; empty when none is announced."""
    for at in range(len(tokens)):
        start = _after_announcement(tokens, at)
        if start is None:
            continue
        end = start
        while end < min(len(tokens), start + MAX_TOKENS) and _continues(tokens, start, end):
            end += 1
        end += _is_last_name(tokens, start, end)
        while end > start and tokens[end - 1].word in PERIPHERAL:
            end -= 1
        name = _name_of(tokens[start:end], text)
        if name:
            return name
    return ""


def bare_name(
    tokens: Sequence[Token], text: str, dates: Sequence[Found], *, with_place: bool = False
) -> str:
    """The name in a text that, dates aside, seems to be nothing but a name.

    Greetings, fillers and labels around it do no harm; any other known word, a question mark or a
    second candidate does, and the result is empty.

    Args:
        with_place: more may follow the name: where the person was born.
    """
    if "?" in text:
        return ""
    names: list[str] = []
    for part in _parts(tokens, dates):
        core = _trimmed(part)
        label = next((at for at, token in enumerate(core) if token.word in _LABELS), len(core))
        core = _trimmed(core[:label])
        if not core or _is_degree(text[core[0].start : core[-1].end]):
            continue
        # A single letter after a name is an initial, whatever else it is short for.
        words = [token.word for token in core if token is core[0] or len(token.text) > 1]
        name = "" if _ORDINARY & set(words) else _name_of(core, text)
        names.append(name)
    return names[0] if len(names) == 1 or (with_place and names) else ""


def _is_last_name(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether an ordinary word ends an announced name: written as names are (``Budi Baru``), or
    the last of a correction (``salah nama, harusnya budi baru``).
    """
    if not start < end < len(tokens) or not tokens[end].is_word:
        return False
    more = next((token for token in tokens[end + 1 :] if token.word not in PERIPHERAL), None)
    if tokens[end].word in PERIPHERAL | _LABELS or (more and more.is_word):
        return False
    titled = all(token.text.istitle() for token in tokens[start : end + 1] if token.is_word)
    return titled or bool(_CORRECTING & {token.word for token in tokens[:start]})


def _after_announcement(tokens: Sequence[Token], at: int) -> int | None:
    """Where the name begins if a name is announced at ``at``."""
    words = [token.word for token in tokens[at : at + 4]]
    if words[:1] and words[0] in _ANNOUNCING:
        start = at + 1
    elif words[:1] == ["an"] and words[1:2] in ([":"], ["."]):
        start = at + 2
    elif words[:1] == ["a"] and words[1:2] in (["."], ["/"]) and words[2:3] == ["n"]:
        start = at + 3 + (words[3:] == ["."])
    else:
        return None
    while start < len(tokens) and tokens[start].word in _AFTER_ANNOUNCING:
        start += 1
    return start


def _parts(tokens: Sequence[Token], dates: Sequence[Found]) -> list[Sequence[Token]]:
    """The runs of words between line breaks, signs, numbers and dates."""
    dated = {at for date in dates for at in range(date.first, date.until)}
    parts: list[list[Token]] = [[]]
    for at, token in enumerate(tokens):
        if at not in dated and (token.is_word or _joins(tokens, at)):
            parts[-1].append(token)
        else:
            parts.append([])
    return [part for part in parts if any(token.is_word for token in part)]


def _continues(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Whether an announced name goes on at ``at``."""
    token = tokens[at]
    if not token.is_word:
        return at > start and _joins(tokens, at)
    return token.word not in _LABELS and (
        token.word not in _ORDINARY or (at == start and token.word in _TITLES)
    )


def _joins(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign belongs to a name: ``Nur-Aini``, ``M. Rizki``."""
    sign, before = tokens[at].text, tokens[at - 1] if at else tokens[at]
    if not before.is_word or before.end != tokens[at].start:
        return False
    return sign in _INSIDE or (sign == "." and len(before.text) <= _MAX_ABBREVIATION_LETTERS)


def _trimmed(part: Sequence[Token]) -> Sequence[Token]:
    """Without the words around a name that say nothing about it."""
    start, end = 0, len(part)
    while start < end and (part[start].word in PERIPHERAL or not part[start].is_word):
        start += 1
    while start < end and part[end - 1].word in PERIPHERAL:
        end -= 1
    return part[start:end]


def _name_of(part: Sequence[Token], text: str) -> str:
    if not part or sum(token.is_word for token in part) > MAX_WORDS:
        return ""
    name = check_name(text[part[0].start : part[-1].end])
    return "" if isinstance(name, NameProblem) else name


def _untitled(name: str) -> str:
    first, dot, rest = name.partition(".")
    words = [first, *rest.split()] if dot and fold(first) in _TITLES else name.split()
    while len(words) > 1 and fold(words[0].rstrip(".")) in _TITLES:
        del words[0]
    return " ".join(words)


def _undegreed(name: str) -> str:
    first, *others = (piece.strip() for piece in name.split(","))
    words = " ".join([first, *(piece for piece in others if not _is_degree(piece))]).split()
    while len(words) > 1 and _DOTTED_DEGREE.fullmatch(words[-1]):
        del words[-1]
    return " ".join(words)


def _is_degree(text: str) -> bool:
    return bool(_DOTTED_DEGREE.fullmatch(text)) or fold(text.replace(".", "")) in _BARE_DEGREES
