"""Published versions of flows and replies: what is kept of them, and who may say which one counts.

Publications are numbered 1, 2, 3 …; the last one is the published one. Going back publishes an
older version's files again under the next number, so nothing is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.dialogue.pictures import FOLDERS, Gallery

Files = Mapping[str, str]
"""Text by path within the folder of the flows, ``replies/id.yml``; for a picture or
document a line that names its content by hash.
"""

LIVE = frozenset({"offices.yml"})
"""Files that belong to no version: an edit counts at once."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One line of the history.

    Args:
        number: 1 is the first.
        version: content hash of the files; the same files have the same.
        author: who published it.
        note: why.
        at: when, aware UTC.
        forced: what spoke against it and was passed over; empty when nothing did.
    """

    number: int
    version: str
    author: str
    note: str
    at: datetime
    forced: str = ""


class VersionStore(Protocol):
    """Publications and their files, and the pictures and documents replies bring.

    Every method raises :class:`bot.errors.StorageUnavailable` when the database does not answer.
    """

    async def newest(self, after: int = 0) -> Publication | None:
        """The published one, if its number is above ``after``."""
        ...

    async def add(self, publication: Publication, files: Files) -> bool:
        """Publish; ``False`` when the number is taken already, by somebody quicker."""
        ...

    async def files(self, version: str) -> Files | None:
        """The files of a version that was ever published."""
        ...

    async def keep_picture(self, sha256: str, content: bytes) -> None:
        """Keep a picture or document for good; one that is there already stays.

        Args:
            sha256: of its content, hex.
        """
        ...

    async def picture(self, sha256: str) -> bytes | None:
        """The content of a picture or document that was ever kept."""
        ...

    async def history(self) -> Sequence[Publication]:
        """All publications, the newest first."""
        ...


def files_in(folder: Path, languages: Collection[str], gallery: Gallery | None = None) -> Files:
    """The files of a folder that make a version.

    Args:
        gallery: its pictures and documents, if they were read already.
    """
    paths = [path for path in sorted(folder.glob("*.yml")) if path.name not in LIVE]
    paths += [folder / "replies" / f"{language}.yml" for language in languages]
    texts = {path.relative_to(folder).as_posix(): path.read_text("utf-8-sig") for path in paths}
    return texts | (gallery or Gallery.of_folder(folder)).as_files()


def lay_out(files: Files, folder: Path) -> None:
    """Write the texts into an empty folder; other files stay where they are kept."""
    for name, text in files.items():
        if name.partition("/")[0] in FOLDERS:
            continue
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
