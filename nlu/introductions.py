"""Names that are said to be names: ``nama saya Rina``, ``a.n. Budi``, ``bukan Heri tapi Hari``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nlu.honorifics import TITLES
from nlu.names import (
    AROUND,
    LABELS,
    MAX_TOKENS,
    ORDINARY,
    TURNING_DOWN,
    NameProblem,
    check_name,
    joins,
    name_of,
    unknown_runs,
    written_as_names,
)
from nlu.ordinary import EVERYDAY
from nlu.phrases import GENDER, SELF, VOCATIVES, WRONG
from nlu.spelling import Token, folded, tokenise
from nlu.words import PERIPHERAL

_ANNOUNCING = folded(
    "nama name names bernama named atasnama perkenalkan kenalkan kenalin tepangkeun"
)
_SHORT_ANNOUNCING = frozenset({"a", "an"})
"""With what follows: ``a.n.``, ``an: Budi``, ``a/n``."""

_SIGNS = frozenset(":=-\"'*_,")
_AFTER_ANNOUNCING = (
    folded(
        "lengkap panjang akte akta ijazah cuma tertulis ditulis "
        "adalah is pemohon sesuai ktp anak ya harus seharusnya mestinya yang itu ini niku "
        "punika teh tuh yaitu yakni nama name jadi menjadi di paspor benar betul bener leres"
        " leresna should be correct right my of seharusna kudune kuduna"
    )
    | WRONG
    | SELF
    | VOCATIVES
    | _SIGNS
)
_BEFORE_ONESELF = SELF | VOCATIVES | TITLES | {"am"}
_NO_LAST_NAME = AROUND | LABELS
_MOST_BETWEEN: Final = 12
_NOT_THIS = folded("jangan")
_REACH: Final = 2
"""``jangan pakai nama Budi`` announces none."""

_CORRECTING = WRONG | folded("harus seharusnya mestinya should")
_INSTEAD = folded("tapi tetapi melainkan namung tapina but")
_RIGHT = folded("benar betul bener leres seharusnya harusnya mestinya kudune kuduna be")
_LETTERS = frozenset("lp")
"""Short for male and female, in brackets behind a name."""


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
    first = ""
    for at in range(len(tokens)):
        start = _after_announcement(tokens, at)
        if any(token.word in _NOT_THIS for token in tokens[max(0, at - _REACH) : at]):
            continue
        if start is None or not (name := _from(tokens, text, start)):
            continue
        if tokens[start - 1].word in SELF:  # "kok namanya Rini? nama saya Rina"
            return name
        first = first or name
    return first


def corrected_name(tokens: Sequence[Token], text: str) -> str:
    """The name that takes another's place: ``bukan Hendri tapi Hendrik``, ``yang benar Rina``."""
    turned_down = False
    for at, token in enumerate(tokens):
        if token.word in TURNING_DOWN:
            turned_down = any(True for run in unknown_runs(tokens[at + 1 : at + 2]))
        if not (turned_down if token.word in _INSTEAD else token.word in _RIGHT):
            continue
        start = _past_words(tokens, at + 1)
        run = next(unknown_runs(tokens[start : start + MAX_TOKENS]), ())
        sure = turned_down or written_as_names([each for each in run if each.is_word])
        if run and run[0] is tokens[start] and sure:
            return name_of(run, text)
    return ""


def introduced_name(tokens: Sequence[Token], text: str) -> str:
    """The name after ``saya`` or ``I'm``, written as names are: ``saya Ketut Arsana, mau …``."""
    for at, token in enumerate(tokens):
        if token.word not in SELF:
            continue
        start = at + 1
        last = min(len(tokens), start + _MOST_BETWEEN)
        while start < last and tokens[start].word in _BEFORE_ONESELF:
            start += 1
        run = next(unknown_runs(tokens[start : start + MAX_TOKENS]), ())
        words = [each for each in run if each.is_word]
        if len(words) > 1 and run[0] is tokens[start] and written_as_names(words):
            return name_of(run, text)
    return ""


def _from(tokens: Sequence[Token], text: str, start: int) -> str:
    """The announced name that begins at ``start``."""
    end = start
    while end < min(len(tokens), start + MAX_TOKENS) and _continues(tokens, start, end):
        end += 1
    end += _is_last_name(tokens, start, end)
    while end > start and tokens[end - 1].word in AROUND:
        end -= 1
    return name_of(tokens[start:end], text)


def _is_last_name(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether an ordinary word ends an announced name: written as names are (``Budi Baru``), or
    the last of a correction (``salah nama, harusnya budi baru``).
    """
    if not start < end < len(tokens) or not tokens[end].is_word:
        return False
    more = next((token for token in tokens[end + 1 :] if token.word not in PERIPHERAL), None)
    if tokens[end].word in _NO_LAST_NAME or (more and more.is_word):
        return False
    titled = all(token.text.istitle() for token in tokens[start : end + 1] if token.is_word)
    return titled or bool(_CORRECTING & {token.word for token in tokens[:start]})


def _after_announcement(tokens: Sequence[Token], at: int) -> int | None:
    """Where the name begins if a name is announced at ``at``."""
    word = tokens[at].word
    if word not in _ANNOUNCING and word not in _SHORT_ANNOUNCING:
        return None
    words = [token.word for token in tokens[at : at + 4]]
    if word in _ANNOUNCING:
        start = at + 1
    elif words[:1] == ["an"] and words[1:2] in ([":"], ["."]):
        start = at + 2
    elif words[:1] == ["an"] and "".join(each.text for each in tokens[at + 1 : at + 2]).istitle():
        start = at + 1
    elif words[:1] == ["a"] and words[1:2] in (["."], ["/"]) and words[2:3] == ["n"]:
        start = at + 3 + (words[3:] == ["."])
    else:
        return None
    return _past_words(tokens, start)


def _past_words(tokens: Sequence[Token], start: int) -> int:
    """Past the words between an announcement and the name; there are few."""
    last = min(len(tokens), start + _MOST_BETWEEN)
    while start < last and _is_skipped(tokens[start]):
        start += 1
    return start


def _is_skipped(token: Token) -> bool:
    """Whether a word stands between an announcement and the name; ``Iis`` is not ``is``."""
    return token.word in _AFTER_ANNOUNCING and (token.word != "is" or token.text.lower() == "is")


def _continues(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Whether an announced name goes on at ``at``."""
    token = tokens[at]
    if not token.is_word:
        return at > start and joins(tokens, at)
    if token.word in LABELS or token.word in GENDER:
        return False
    if token.word in TITLES and at == start:
        return True
    everyday = token.word in EVERYDAY and not token.text[0].isupper()
    return token.word not in ORDINARY and not everyday
