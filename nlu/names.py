"""Names of people: the name part of a form, and names in ordinary sentences.

One-word names are normal. Forms of address before a name and degrees after it are left out; what
the tables know as an ordinary word is no name unless the person says that it is one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from nlu.dates import Found
from nlu.honorifics import TITLES, is_degree, without_honorifics
from nlu.ordinary import EVERYDAY
from nlu.phrases import BIRTH_LABELS, GENDER, SELF, SERVICE_LABELS
from nlu.spelling import Token, clean, folded
from nlu.words import KNOWN, PERIPHERAL

MAX_LETTERS: Final = 60
MIN_LETTERS: Final = 2
MAX_WORDS: Final = 7
MAX_TOKENS: Final = 16

_INSIDE = frozenset("'-")
_ASSIGNING = frozenset(":=")
_MAX_ABBREVIATION_LETTERS: Final = 4
"""A full stop after a longer word ends a sentence, not ``Moh.`` or ``Prof.``."""

LABELS = BIRTH_LABELS | SERVICE_LABELS | folded("tanggal tempat")
ALSO_NAMES = folded("hari bagus salam kasih selamat sugeng pribadi")
ORDINARY = (KNOWN | folded("nama name nik ktp")) - ALSO_NAMES - GENDER
"""Words no name has; the everyday ones may be in one that is written as names are."""


TURNING_DOWN = folded("bukan not sanes dudu")

AROUND = PERIPHERAL | GENDER | SELF
_IN_TABLES = ORDINARY | EVERYDAY | AROUND
_SPOKEN = KNOWN | EVERYDAY
_INTRODUCTIONS = (["i", "am"], ["this", "is"], ["it", "is"])
_HEADINGS = folded("pemohon applicant data biodata")
"""Above a person's data, and no name by themselves."""


class NameProblem(StrEnum):
    """Why a text is no name; the values are reasons of a ``Problem``."""

    NOT_A_NAME = "not_a_name"


def check_name(text: str) -> str | NameProblem:
    """The name a text holds: single spaces, case as typed, titles and degrees left out.

    It has at least ``MIN_LETTERS`` letters and at most ``MAX_LETTERS`` characters, and no digits.
    Emoji are dropped.
    """
    plain = clean(text)
    if not plain.replace(" ", "").isalpha():
        plain = "".join(" " if unicodedata.category(c)[0] in "SC" else c for c in plain)
    name = without_honorifics(plain.strip(" *_~\"'-:;,.()[]")).strip(" .,-'")
    strange, letters = False, len(solid := name.replace(" ", ""))
    if not solid.isalpha():
        strange = any(not (c.isalpha() or c in " .'-" or unicodedata.combining(c)) for c in name)
        letters = sum(c.isalpha() for c in name)
    if strange or letters < MIN_LETTERS or len(name) > MAX_LETTERS:
        return NameProblem.NOT_A_NAME
    return name


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
    names = [_whole_name(core, text) for core in _cores(tokens, text, dates)]
    return names[0] if len(set(names)) == 1 or (with_place and names) else ""


def name_beside(tokens: Sequence[Token], text: str, dates: Sequence[Found]) -> str:
    """The likeliest name in a text that tells a birth date and may say a lot more."""
    cores = _cores(tokens, text, dates)
    for core in cores:
        if name := _whole_name(core, text):
            return name
    for core in cores:
        for run in unknown_runs(core):
            words = [token for token in run if token.is_word]
            led = run[0] is core[0] and len(words) > 1
            if (led or written_as_names(words)) and (name := name_of(run, text)):
                return name
    return ""


def titled_name(tokens: Sequence[Token], text: str, is_place: Callable[[str], object]) -> str:
    """The last name among words of all kinds, by its capitals; not one that is turned down.

    Args:
        is_place: whether a text is no person but a place.
    """
    at = {id(token): n for n, token in enumerate(tokens)}
    found: Sequence[Token] = ()
    for run in unknown_runs(tokens):
        words = [token for token in run if token.is_word]
        first = at[id(run[0])]
        turned_down = first > 0 and tokens[first - 1].word in TURNING_DOWN
        begins = len(words) == 1 and first == 0 and len(tokens) > 1
        if written_as_names(words) and not turned_down and not begins:
            found = run
    name = name_of(found, text)
    return "" if is_place(name) else name


def _whole_name(core: Sequence[Token], text: str) -> str:
    """The name a part of a text is and nothing else; empty otherwise."""
    # A single letter after a name is an initial, whatever else it is short for.
    titles = next((at for at, token in enumerate(core) if token.word not in TITLES), 0)
    words = [token for token in core if token is core[0] or len(token.text) > 1][titles:]
    known = {token.word for token in words}
    known -= PERIPHERAL if _is_titled(words) else frozenset()
    if known & ORDINARY or (known & EVERYDAY and not _is_titled(words)):
        return ""
    return name_of(core, text)


def _is_titled(words: Sequence[Token]) -> bool:
    """Whether everyday words are written as the name they are part of: ``Bintang Terang``."""
    spoken = [token for token in words if token.is_word and len(token.text) > 1]
    return (
        len(spoken) > 1
        and all(token.text[0].isupper() for token in spoken)
        and not all(token.word in _SPOKEN for token in spoken)
    )


def written_as_names(words: Sequence[Token]) -> bool:
    """Whether every word begins with a capital."""
    return all(token.text[0].isupper() for token in words)


def unknown_runs(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The longest runs of tokens that no table knows."""
    start = 0
    for at in range(len(tokens) + 1):
        if at < len(tokens):
            token = tokens[at]
            inside = at > start and not token.is_word and joins(tokens, at)
            unknown = token.word not in _IN_TABLES
            if inside or (token.is_word and unknown):
                continue
        if at > start:
            yield tokens[start:at]
        start = at + 1


def _cores(tokens: Sequence[Token], text: str, dates: Sequence[Found]) -> list[Sequence[Token]]:
    """The parts of a text that may be a name, trimmed of politeness and cut at labels."""
    cores = []
    for part in _parts(tokens, dates):
        core = _trimmed(part)
        label = next((at for at, token in enumerate(core) if token.word in LABELS), len(core))
        core = _trimmed(core[:label])
        if {token.word for token in core} <= _HEADINGS or is_degree(
            text[core[0].start : core[-1].end]
        ):
            continue
        if sum(len(token.text) for token in core if token.is_word) >= MIN_LETTERS:
            cores.append(core)
    return cores


def _parts(tokens: Sequence[Token], dates: Sequence[Found]) -> list[Sequence[Token]]:
    """The runs of words between line breaks, signs, numbers and dates."""
    dated = {at for date in dates for at in range(date.first, date.until)}
    parts: list[list[Token]] = [[]]
    for at, token in enumerate(tokens):
        after_label = token.text in _ASSIGNING and at > 0 and tokens[at - 1].word in BIRTH_LABELS
        if at not in dated and (token.is_word or after_label or joins(tokens, at)):
            parts[-1].append(token)
        else:
            parts.append([])
    return [part for part in parts if any(token.is_word for token in part)]


def joins(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign belongs to a name: ``Nur-Aini``, ``M. Rizki``."""
    sign, before = tokens[at].text, tokens[at - 1] if at else tokens[at]
    if not before.is_word or before.end != tokens[at].start:
        return False
    return sign in _INSIDE or (sign == "." and len(before.text) <= _MAX_ABBREVIATION_LETTERS)


def _trimmed(part: Sequence[Token]) -> Sequence[Token]:
    """Without the words around a name that say nothing about it."""
    start, end = 0, len(part)
    if [token.word for token in part[:2]] in _INTRODUCTIONS:
        start = 2
    while start < end and (not part[start].is_word or _is_around(part, start, start + 1)):
        start += 1
    while start < end and _is_around(part, end - 1, end - 2):
        end -= 1
    return part[start:end]


def _is_around(part: Sequence[Token], at: int, beside: int) -> bool:
    """Whether the word at ``at`` is politeness; before a name ``Selamat`` and ``Kasih`` are not."""
    if part[at].word not in ALSO_NAMES:
        return part[at].word in AROUND
    alone = not 0 <= beside < len(part) or part[beside].word in AROUND
    return part[at].word in AROUND and alone


def name_of(part: Sequence[Token], text: str) -> str:
    """The name a part of a text is; empty when it cannot be one."""
    if not part or sum(token.is_word for token in part) > MAX_WORDS:
        return ""
    name = check_name(text[part[0].start : part[-1].end])
    return "" if isinstance(name, NameProblem) else name
