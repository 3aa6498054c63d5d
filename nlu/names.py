"""Names of people: the name part of a form, and names in ordinary sentences.

One-word names are normal. Forms of address before a name and degrees after it are left out; what
the tables know as an ordinary word is no name unless the person says that it is one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from nlu.dates import Found
from nlu.honorifics import TITLES, is_degree, without_honorifics
from nlu.ordinary import EVERYDAY
from nlu.phrases import BIRTH_LABELS, GENDER, SELF, SERVICE_LABELS, VOCATIVES, WRONG
from nlu.spelling import Token, clean, folded, tokenise
from nlu.words import KNOWN, PERIPHERAL

MAX_LETTERS: Final = 60
MIN_LETTERS: Final = 2
MAX_WORDS: Final = 7
MAX_TOKENS: Final = 16

_INSIDE = frozenset("'-")
_MAX_ABBREVIATION_LETTERS: Final = 4
"""A full stop after a longer word ends a sentence, not ``Moh.`` or ``Prof.``."""

_ANNOUNCING = folded(
    "nama name names bernama named atasnama perkenalkan kenalkan kenalin tepangkeun"
)
_SIGNS = frozenset(":=-\"'*_,")
_AFTER_ANNOUNCING = (
    folded(
        "lengkap adalah is pemohon sesuai ktp anak ya harus seharusnya mestinya yang itu ini niku "
        "punika teh tuh yaitu yakni nama name jadi menjadi di paspor benar betul bener leres"
        " leresna should be correct right my of seharusna kudune kuduna"
    )
    | WRONG
    | SELF
    | VOCATIVES
    | _SIGNS
)
_CORRECTING = WRONG | folded("harus seharusnya mestinya should")
_LABELS = BIRTH_LABELS | SERVICE_LABELS | folded("tanggal tempat")
_ALSO_NAMES = folded("hari bagus salam kasih selamat sugeng pribadi")
_ORDINARY = (KNOWN | folded("nama name nik ktp")) - _ALSO_NAMES - GENDER
"""Words no name has; the everyday ones may be in one that is written as names are."""

_LETTERS = frozenset("lp")
"""Short for male and female, in brackets behind a name."""

_AROUND = PERIPHERAL | GENDER | SELF
_INTRODUCTIONS = (["i", "am"], ["this", "is"], ["it", "is"])
_HEADINGS = folded("pemohon applicant data biodata")
"""Above a person's data, and no name by themselves."""

_INSTEAD = folded("tapi tetapi melainkan namung tapina but")
_NEGATIONS = folded("bukan not sanes dudu")
_RIGHT = folded("benar betul bener leres seharusnya harusnya mestinya kudune kuduna be")


class NameProblem(StrEnum):
    """Why a text is no name; the values are reasons of a ``Problem``."""

    NOT_A_NAME = "not_a_name"


def check_name(text: str) -> str | NameProblem:
    """The name a text holds: single spaces, case as typed, titles and degrees left out.

    It has at least ``MIN_LETTERS`` letters and at most ``MAX_LETTERS`` characters, and no digits.
    Emoji are dropped.
    """
    plain = "".join(" " if unicodedata.category(c)[0] in "SC" else c for c in clean(text))
    name = without_honorifics(plain.strip(" *_~\"'-:;,.()[]")).strip(" .,-'")
    strange = any(not (c.isalpha() or c in " .'-" or unicodedata.combining(c)) for c in name)
    letters = sum(c.isalpha() for c in name)
    if strange or letters < MIN_LETTERS or len(name) > MAX_LETTERS:
        return NameProblem.NOT_A_NAME
    return name


def name_in_part(text: str) -> str | NameProblem:
    """The name in the name part of a form, its label and a gender beside it left out."""
    tokens = tokenise(text)
    if named := announced_name(tokens, text):
        return named
    bracket = next((at for at, token in enumerate(tokens) if at and token.text in "(/"), None)
    gender = next((at for at, token in enumerate(tokens) if at and token.word in GENDER), bracket)
    if gender is not None and {t.word for t in tokens[gender:] if t.is_word} <= GENDER | _LETTERS:
        text = text[: tokens[gender].start].rstrip(" (-,/")
    return check_name(text)


def announced_name(tokens: Sequence[Token], text: str) -> str:
    """The name after ``nama saya``, ``Nama:`` or ``a.n.``; empty when none is announced."""
    for at in range(len(tokens)):
        start = _after_announcement(tokens, at)
        if start is not None and (name := _from(tokens, text, start)):
            return name
    return ""


def corrected_name(tokens: Sequence[Token], text: str) -> str:
    """The name that takes another's place: ``bukan Hendri tapi Hendrik``, ``yang benar Rina``."""
    turned_down = False
    for at, token in enumerate(tokens):
        if token.word in _NEGATIONS:
            turned_down = any(True for run in _runs(tokens[at + 1 : at + 2]))
        if not (turned_down if token.word in _INSTEAD else token.word in _RIGHT):
            continue
        start = at + 1
        while start < len(tokens) and tokens[start].word in _AFTER_ANNOUNCING:
            start += 1
        run = next(_runs(tokens[start : start + MAX_TOKENS]), ())
        sure = turned_down or _written_as_names([each for each in run if each.is_word])
        if run and run[0] is tokens[start] and sure:
            return _name_of(run, text)
    return ""


def introduced_name(tokens: Sequence[Token], text: str) -> str:
    """The name after ``saya`` or ``I'm``, written as names are: ``saya Ketut Arsana, mau …``."""
    for at, token in enumerate(tokens):
        if token.word not in SELF:
            continue
        start = at + 1
        while start < len(tokens) and tokens[start].word in SELF | VOCATIVES | TITLES | {"am"}:
            start += 1
        run = next(_runs(tokens[start : start + MAX_TOKENS]), ())
        words = [each for each in run if each.is_word]
        if len(words) > 1 and run[0] is tokens[start] and _written_as_names(words):
            return _name_of(run, text)
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
    names = [_whole_name(core, text) for core in _cores(tokens, text, dates)]
    return names[0] if len(set(names)) == 1 or (with_place and names) else ""


def name_beside(tokens: Sequence[Token], text: str, dates: Sequence[Found]) -> str:
    """The likeliest name in a text that tells a birth date and may say a lot more."""
    cores = _cores(tokens, text, dates)
    for core in cores:
        if name := _whole_name(core, text):
            return name
    for core in cores:
        for run in _runs(core):
            words = [token for token in run if token.is_word]
            led = run[0] is core[0] and len(words) > 1
            if (led or _written_as_names(words)) and (name := _name_of(run, text)):
                return name
    return ""


def _whole_name(core: Sequence[Token], text: str) -> str:
    """The name a part of a text is and nothing else; empty otherwise."""
    # A single letter after a name is an initial, whatever else it is short for.
    titles = next((at for at, token in enumerate(core) if token.word not in TITLES), 0)
    words = [token for token in core if token is core[0] or len(token.text) > 1][titles:]
    known = {token.word for token in words}
    if known & _ORDINARY or (known & EVERYDAY and not _is_titled(words)):
        return ""
    return _name_of(core, text)


def _is_titled(words: Sequence[Token]) -> bool:
    """Whether everyday words are written as the name they are part of: ``Bintang Terang``."""
    spoken = [token for token in words if token.is_word and len(token.text) > 1]
    return (
        len(spoken) > 1
        and all(token.text[0].isupper() for token in spoken)
        and not all(token.word in EVERYDAY for token in spoken)
    )


def _written_as_names(words: Sequence[Token]) -> bool:
    return all(token.text[0].isupper() for token in words)


def _runs(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The longest runs of tokens that no table knows."""
    start = 0
    for at in range(len(tokens) + 1):
        if at < len(tokens):
            token = tokens[at]
            inside = at > start and not token.is_word and _joins(tokens, at)
            unknown = token.word not in _ORDINARY | EVERYDAY | _AROUND
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
        label = next((at for at, token in enumerate(core) if token.word in _LABELS), len(core))
        core = _trimmed(core[:label])
        if {token.word for token in core} <= _HEADINGS or is_degree(
            text[core[0].start : core[-1].end]
        ):
            continue
        if sum(len(token.text) for token in core if token.is_word) >= MIN_LETTERS:
            cores.append(core)
    return cores


def _from(tokens: Sequence[Token], text: str, start: int) -> str:
    """The announced name that begins at ``start``."""
    end = start
    while end < min(len(tokens), start + MAX_TOKENS) and _continues(tokens, start, end):
        end += 1
    end += _is_last_name(tokens, start, end)
    while end > start and tokens[end - 1].word in _AROUND:
        end -= 1
    return _name_of(tokens[start:end], text)


def _is_last_name(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether an ordinary word ends an announced name: written as names are (``Budi Baru``), or
    the last of a correction (``salah nama, harusnya budi baru``).
    """
    if not start < end < len(tokens) or not tokens[end].is_word:
        return False
    more = next((token for token in tokens[end + 1 :] if token.word not in PERIPHERAL), None)
    if tokens[end].word in _AROUND | _LABELS or (more and more.is_word):
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
    elif words[:1] == ["an"] and "".join(each.text for each in tokens[at + 1 : at + 2]).istitle():
        start = at + 1
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
    if token.word in _LABELS or token.word in GENDER:
        return False
    if token.word in TITLES and at == start:
        return True
    everyday = token.word in EVERYDAY and not token.text[0].isupper()
    return token.word not in _ORDINARY and not everyday


def _joins(tokens: Sequence[Token], at: int) -> bool:
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
    if part[at].word not in _ALSO_NAMES:
        return part[at].word in _AROUND
    alone = not 0 <= beside < len(part) or part[beside].word in _AROUND
    return part[at].word in _AROUND and alone


def _name_of(part: Sequence[Token], text: str) -> str:
    if not part or sum(token.is_word for token in part) > MAX_WORDS:
        return ""
    name = check_name(text[part[0].start : part[-1].end])
    return "" if isinstance(name, NameProblem) else name
