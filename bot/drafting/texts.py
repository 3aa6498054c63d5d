"""The texts of a draft: which may be edited, how they are named, compared and begun."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from bot.desk.drafts import LONGEST_TITLE
from bot.dialogue.pictures import FOLDERS
from bot.dialogue.versions import Files
from bot.drafting.checking import Found

FLOW_FILE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}\.yml")

NEW_FLOW: Final = """\
# yaml-language-server: $schema=schema/flow.schema.json
flow: {name}
{include}initial: beginning

states:
  beginning:
    end: true
"""


def digest_of(text: str) -> str:
    """Names a text: who saves says which one they began from."""
    return sha256(text.encode()).hexdigest()[:16]


def tidy(text: str) -> str:
    """A text as browsers send it, as files have it: lines end in a line feed, the last one too."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if not text or text.endswith("\n") else f"{text}\n"


def editable(files: Files) -> list[str]:
    """Names of the files that are text: flows first, then replies."""
    names = [name for name in files if name.partition("/")[0] not in FOLDERS]
    return sorted(names, key=lambda name: ("/" in name, name))


def title_of(text: str) -> str:
    """A title as it is kept, whatever was typed."""
    return " ".join(text.split())[:LONGEST_TITLE]


def counts_of(findings: Sequence[Found]) -> Mapping[str, tuple[int, int]]:
    """Mistakes and warnings by file."""
    counted: dict[str, tuple[int, int]] = {}
    for each in findings:
        wrong, warned = counted.get(each.file, (0, 0))
        counted[each.file] = wrong + (not each.warning), warned + each.warning
    return counted
