"""Codes the office gave and the applicant sent back: today's bot gives others.

A recording then captures today's code where the old one was given, and sends that one back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.replay.importing.conversation import Utterance

KEPT_AT: Final = "slots.approval_code"
"""Where the code lies that approves what is held."""

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{3,18}[A-Z0-9]", re.IGNORECASE)
_DIGITS: Final = 4
_LONGEST_NUMBER: Final = 12
"""Longer numbers are of telephones and identity cards."""
_YEARS: Final = range(1900, 2101)


def code_in(text: str) -> str:
    """The code that a message consists of; empty if it is none, or a date.

    >>> code_in("#00002681"), code_in("25011987"), code_in("ya")
    ('00002681', '', '')
    """
    word = text.strip(" #*.\n")
    digits = sum(map(str.isdecimal, word))
    if not _CODE.fullmatch(word) or digits < _DIGITS or _is_date(word):
        return ""
    return "" if digits == len(word) > _LONGEST_NUMBER else word


def is_given(code: str, messages: Sequence[Utterance]) -> bool:
    """Whether the office says ``code`` in one of these, and not within a form as an example."""
    standing = re.compile(rf"(?<![\w#-]){re.escape(code)}(?![\w#-])", re.IGNORECASE)
    return any(standing.search(each.text) for each in messages)


def _is_date(word: str) -> bool:
    try:
        return datetime.strptime(word, "%d%m%Y").year in _YEARS  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return False
