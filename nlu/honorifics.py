"""Forms of address and titles before a name, degrees behind it: no part of the name itself.

``Drs. H. Budi Santoso, M.Si`` → ``Budi Santoso``; ``K.H. Ahmad``, ``dr. Rina, Sp.A(K)``.
"""

from __future__ import annotations

import re
from typing import Final

from nlu.spelling import fold, folded

TITLES: Final = folded(
    "pak bu bapak ibu bpk bp kak kakak mas mbak mba sdr sdri saudara saudari tn ny nn tuan nyonya "
    "nona h hj haji hajah hajjah drs dra dr drg drh ir prof professor kh kyai kiai ust ustad "
    "ustadz ustadzah raden rd pdt pendeta romo suster mr mrs ms miss mister madam sir kang teh "
    "bang bung om tante mbah pakde bude letkol kolonel "
    "serda sertu serma brigadir bripda briptu bripka kompol akbp"
)
_DOTTED_DEGREE = re.compile(
    r"(?:s|m|a|d|b|sp|ph|am|amd|str|st|dipl|ll)\."
    r"[a-z]{1,5}\.?(?:[a-z]{1,4}\.?)?(?:[a-z]{1,4}\.?)?(?:\([a-z]{1,5}\))?",
    re.IGNORECASE,
)
_PLAIN_DEGREES = folded(
    "sh se st skom spd spdi sik ssi sip sag ssos skep skm sfarm sked spsi spt stp ssn shut shi sei "
    "sst str strkeb strkes mm mt mh mba msi msc mkom mpd mpdi mhum map mkes mag meng bsc amd amdkeb"
    " amk amkeb phd lc ns apt cpa ak ca ma ba md dipl llm sp spog spa sppd spb mars mak"
)
_AMBIGUOUS = folded("ak ca ma ba md st sei sp map str lc ns apt mars mag mak se")
"""Degrees only where a comma or capitals set them off: they are names too, or parts of them."""


def without_honorifics(name: str) -> str:
    """A name without what stands before and behind it."""
    return _untitled(_undegreed(name))


def is_degree(text: str) -> bool:
    """Whether a piece behind a comma is a degree, or several."""
    words = text.split()
    return bool(words) and all(_is_one(word) for word in words)


def _is_one(word: str) -> bool:
    return bool(_DOTTED_DEGREE.fullmatch(word)) or fold(word.replace(".", "")) in _PLAIN_DEGREES


def _untitled(name: str) -> str:
    words = name.split()
    while words:
        first = words[0]
        if len(words) > 1 and fold(first.replace(".", "")) in TITLES:
            del words[0]
            continue
        glued = [first.partition("."), first.rpartition(".")]
        rest = next((after for head, _, after in glued if after and _is_title(head)), "")
        if not rest:
            break
        words[0] = rest
    return " ".join(words)


def _is_title(text: str) -> bool:
    return fold(text.replace(".", "")) in TITLES


def _undegreed(name: str) -> str:
    first, *others = (piece.strip() for piece in name.split(","))
    words = " ".join([first, *(piece for piece in others if not is_degree(piece))]).split()
    while len(words) > 1 and _ends_as_degree(words[-1], name):
        del words[-1]
    return " ".join(words)


def _ends_as_degree(word: str, name: str) -> bool:
    """Whether the last word of a name is a degree though no comma parts them."""
    if _DOTTED_DEGREE.fullmatch(word):
        return True
    if fold(word) not in _PLAIN_DEGREES or len(name.split()) == 1:
        return False
    if word.isupper() and not name.isupper():
        return True
    mixed = not word.istitle() and not word.islower()
    return mixed and fold(word) not in _AMBIGUOUS
