"""What counts as one emoji: a reaction is nothing else."""

from __future__ import annotations

import re

_SIGN = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
_DRESSED = f"{_SIGN}\ufe0f?[\U0001f3fb-\U0001f3ff]?"
"""A sign as a picture, in a colour of skin."""

_EMOJI = re.compile(
    f"{_DRESSED}(?:\u200d{_DRESSED})*"  # joined: a family, a profession
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag by the letters of its country
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # a flag by the letters of its region
    "|[#*0-9]\ufe0f?\u20e3"  # a keycap
)


def is_emoji(text: str) -> bool:
    """Whether the text is one emoji and nothing else."""
    return _EMOJI.fullmatch(text) is not None
