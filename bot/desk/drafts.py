"""Drafts of flows and replies: what editors work on before anybody talks to it.

A draft is shared by all editors. It is saved over the revision somebody read, so two who work on
one never overwrite each other: the second is told, and decides.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from bot.dialogue.store import LONG_AGO
from bot.dialogue.versions import Files
from bot.errors import AntreError

LARGEST_FILE: Final = 2**20
LARGEST_DRAFT: Final = 8 * 2**20
"""Bytes of UTF-8, of one text and of all texts: half of what a document of the database holds."""

LONGEST_TITLE: Final = 80


class DraftTooLarge(AntreError):
    """More text than a draft may hold; nothing was kept.

    Args:
        name: of the file that is too large; empty when all of them together are.
    """

    def __init__(self, name: str, most: int) -> None:
        self.name = name
        self.most = most
        what = name or "the draft"
        super().__init__(f"{what} is larger than {most // 2**20} MiB: make it shorter")


@dataclass(frozen=True, slots=True)
class DraftHead:
    """What a list of drafts shows of one.

    Args:
        id: as :func:`new_draft_id` makes them.
        title: what it is about, in an editor's words.
        author: login of who began it.
        base: the version it began from.
        revision: of the stored document; 0 for one that was never saved.
        saved_by: login of who saved it last.
        saved_at: when, aware UTC.
    """

    id: str
    title: str
    author: str
    base: str
    revision: int = 0
    saved_by: str = ""
    saved_at: datetime = LONG_AGO


@dataclass(frozen=True, slots=True)
class Draft(DraftHead):
    """A draft with its texts.

    Args:
        files: all flows and replies, as a version has them; pictures are lines with a hash.
        recordings: changed or new recordings by path within the folder of recordings.
    """

    files: Files = field(default_factory=dict)
    recordings: Mapping[str, str] = field(default_factory=dict)

    def check_size(self) -> None:
        """Refuse what is too large to be kept.

        Raises:
            DraftTooLarge: naming the file, if it is one.
        """
        total = 0
        for name, text in (*self.files.items(), *self.recordings.items()):
            size = len(text.encode())
            total += size
            if size > LARGEST_FILE:
                raise DraftTooLarge(name, LARGEST_FILE)
        if total > LARGEST_DRAFT:
            raise DraftTooLarge("", LARGEST_DRAFT)


def new_draft_id() -> str:
    """A fresh one: twelve hexadecimal digits, safe in an address and in the audit."""
    return secrets.token_hex(6)


class DraftStore(Protocol):
    """Drafts; every method raises ``StorageUnavailable`` when the database does not answer."""

    async def heads(self) -> Sequence[DraftHead]:
        """All drafts without their texts, the one saved last first."""
        ...

    async def load(self, draft_id: str) -> Draft | None:
        """One with its texts."""
        ...

    async def save(self, draft: Draft) -> bool:
        """Write over the revision it was read at, which becomes one more; ``False`` when somebody
        saved or deleted it since, or, for a new one, when there is one of this id.

        Raises:
            DraftTooLarge: nothing is kept.
        """
        ...

    async def delete(self, draft_id: str, revision: int) -> bool:
        """Delete the revision somebody read; ``False`` when there is another one, or none."""
        ...
