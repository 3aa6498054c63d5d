"""A message of the bot as a page shows it: with WhatsApp's marks, and nothing else of what it says
counts as markup.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_MARKED: Final = re.compile(r"(?<!\w)([*_~])(?=\S)([^*_~\n]+?)(?<=\S)\1(?!\w)")
_TAGS: Final = {"*": "b", "_": "i", "~": "s"}


def marked(text: str) -> Markup:
    """``*bold*``, ``_italic_`` and ``~struck~`` as HTML."""
    parts, end = [], 0
    for found in _MARKED.finditer(text):
        tag = _TAGS[found[1]]
        parts += [escape(text[end : found.start()]), Markup(f"<{tag}>"), escape(found[2])]  # noqa: S704 - one of three tags
        parts.append(Markup(f"</{tag}>"))  # noqa: S704
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
