"""Which half of the day an hour belongs to: AM and PM in the words of many languages.

In Indonesian chats times are also told by *pagi, siang, sore, malam*, which are parts of a day and
not halves: two at *siang* is afternoon, eleven at *siang* is not.
"""

from __future__ import annotations

import re
from typing import Final

_NOON: Final = 12
_MORNING: Final = (
    *("am", "vorm", "fm", "ap", "de", "öö", "sa", "πμ", "ص", "ق.ظ", "पूर्वाह्न", "pg", "пп"),
    *("오전", "上午", "午前", "早上", "清晨", "凌晨", "dini hari", "pagi", "subuh"),
)
_EVENING: Final = (
    *("pm", "nachm", "em", "ip", "du", "ös", "ch", "μμ", "م", "ب.ظ", "अपराह्न", "ptg", "tgh", "мп"),
    *("오후", "下午", "午後", "晚上", "傍晚", "sore", "petang"),
)
_LATE: Final = ("malam", "mlm")
"""Evening from six on, night before."""
_MIDDAY: Final = ("siang", "中午")
"""From ten in the morning to three."""
_LATE_FROM, _MIDDAY_FROM = 5, 9


def _squeezed(word: str) -> str:
    return re.sub(r"[. ]", "", word.casefold())


_MORNINGS = frozenset(map(_squeezed, _MORNING))
_EVENINGS = frozenset(map(_squeezed, _EVENING))
_LATES = frozenset(map(_squeezed, _LATE))
_MIDDAYS = frozenset(map(_squeezed, _MIDDAY))
_KNOWN = _MORNINGS | _EVENINGS | _LATES | _MIDDAYS


def is_half(word: str) -> bool:
    """Whether ``word`` names a part of the day (``p. m.``, ``PM``, ``sore``)."""
    return _squeezed(word) in _KNOWN


def hour_of(hour: int, word: str) -> int:
    """The hour from 0 to 23 that ``hour`` of the part ``word`` of a day is.

    >>> hour_of(12, "AM"), hour_of(2, "p. m."), hour_of(2, "siang"), hour_of(14, "PM")
    (0, 14, 14, 14)
    """
    if hour > _NOON or not word:
        return hour
    part = _squeezed(word)
    if part in _MORNINGS:
        is_later = False
    elif part in _LATES:
        is_later = _LATE_FROM <= hour < _NOON
    elif part in _MIDDAYS:
        is_later = hour < _MIDDAY_FROM or hour == _NOON
    else:
        is_later = True
    return hour % _NOON + _NOON * is_later


def pattern() -> str:
    """A regular expression for every word there is, dots and spaces within them optional."""
    words = {*_MORNING, *_EVENING, *_LATE, *_MIDDAY}
    forms = {r"[. ]{0,2}".join(re.escape(sign) for sign in _squeezed(word)) for word in words}
    return "|".join(sorted(forms, key=len, reverse=True))
