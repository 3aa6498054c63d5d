"""Words by which people say that something told before is wrong, or is to be another thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nlu.phrases import BIRTH_LABELS, WRONG
from nlu.spelling import Token, folded, word_at

WRONG_ITSELF: Final = WRONG | folded("ralat koreksi revisi correction")
TAKING_BACK: Final = WRONG_ITSELF | folded("eh ups upss maksud maksudku mean meant sorry")
"""Words after which something said a moment ago is said anew: ``nomor 2 eh 3``."""

_SAYING = WRONG_ITSELF | folded("seharusnya")
"""Words that say it by themselves."""

_SUFFIXED = frozenset({"harusnya", "mestinya", "kudune", "kuduna", "benernya", "maksudku"})
"""Words that say it with this ending only: ``harus`` is another thing."""

_TOGETHER = frozenset({("should", "be"), ("maksud", "saya"), ("i", "meant"), ("i", "mean")})
CHANGING = folded("ganti ubah perbaiki benerin betulkan betulin edit change fix update")
_NEGATIONS = folded("bukan not sanes dudu")
_INSTEAD = folded("tapi tetapi melainkan namung tapina but")
_RIGHT = folded("benar betul bener leres right correct")
_NO_WRONG = folded("tidak tanpa kalau takut semoga jangan not if")
"""Before ``salah``, it does not say that anything is."""


def says_wrong(tokens: Sequence[Token]) -> bool:
    """Whether the words say that something told before is wrong or is to be another thing."""
    turned_down = False
    for at, token in enumerate(tokens):
        before, after = tokens[at - 1].word if at else "", word_at(tokens, at + 1)
        if token.word in _SAYING and before not in _NO_WRONG and after != "satu":
            return True
        if token.text.lower() in _SUFFIXED or (token.word, after) in _TOGETHER:
            return True
        if token.word in CHANGING and _changes(tokens, at + 1):
            return True
        turned_down = turned_down or token.word in _NEGATIONS
        if turned_down and token.word in _INSTEAD:
            return True
        if token.word in _RIGHT and before == "yang":
            return True
    return False


def _changes(tokens: Sequence[Token], at: int) -> bool:
    """Whether what is changed is a name or a date of birth: a day is moved, not corrected."""
    near = [token.word for token in tokens[at : at + 4]]
    return (
        bool(BIRTH_LABELS & set(near)) or near[:1] in (["nama"], ["name"]) or near[1:2] == ["name"]
    )
