"""Pictures that replies show: files in ``pictures/``, told apart by what is in them.

A version of the flows names its pictures by their hash; their content is kept beside the versions,
so that whoever serves one needs no folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bot.dialogue.reply import Picture
from bot.document import meant
from bot.picture import LARGEST_BYTES, kind_of

FOLDER = "pictures"
"""Within the folder of the flows."""

_REFERENCE = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Gallery:
    """The pictures that belong to flows and replies.

    Args:
        pictures: by the name of their file.
        refused: why a file that is there cannot be shown, by name.
        contents: of the pictures, by SHA-256; empty for what was published.
    """

    pictures: Mapping[str, Picture] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def of_folder(cls, folder: Path) -> Gallery:
        """Those that stand beside the flows in ``folder``; what else stands there is passed over
        until a reply names it.
        """
        pictures: dict[str, Picture] = {}
        refused: dict[str, str] = {}
        contents: dict[str, bytes] = {}
        for path in sorted((folder / FOLDER).glob("[!.]*")):
            if not path.is_file():
                continue
            content, why_not = _read(path)
            if why_not:
                refused[path.name] = why_not
            else:
                picture = Picture(path.name, sha256(content).hexdigest())
                pictures[path.name], contents[picture.sha256] = picture, content
        return cls(pictures, refused, contents)

    @classmethod
    def of_files(cls, files: Mapping[str, str]) -> Gallery:
        """Those that a publication names; see :meth:`as_files`."""
        found: dict[str, Picture] = {}
        for path, text in files.items():
            folder, _, name = path.partition("/")
            if folder == FOLDER and (reference := _REFERENCE.search(text)):
                found[name] = Picture(name, reference[1])
        return cls(found)

    def as_files(self) -> dict[str, str]:
        """What stands for each picture among the texts of a publication, by path."""
        lines = {}
        for name, picture in self.pictures.items():
            content = self.contents[picture.sha256]
            size = f"{kind_of(content)} {len(content)} bytes"
            lines[f"{FOLDER}/{name}"] = f"sha256:{picture.sha256} {size}\n"
        return lines

    def fault(self, name: str) -> str:
        """Why ``name`` cannot be shown; empty when it can."""
        if name in self.pictures:
            return ""
        if name in self.refused:
            return f"{name!r} {self.refused[name]}"
        if "/" in name or "\\" in name or name.startswith("."):
            return f"{name!r}: write the name of a file in {FOLDER}/ alone, without folders"
        if not self.pictures:
            return f"no picture {name!r}; put the file into {FOLDER}/, beside replies/"
        return f"no picture {name!r} in {FOLDER}/{meant(name, sorted(self.pictures))}"


def _read(path: Path) -> tuple[bytes, str]:
    """What is in a file, and why it cannot be shown."""
    if not path.resolve().is_relative_to(path.parent.resolve()):
        return b"", f"leads out of {FOLDER}/; put the file itself there"
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            most, over = LARGEST_BYTES // 2**20, size - LARGEST_BYTES
            return b"", f"is {over:,} bytes over the {most} MB that WhatsApp takes; make it smaller"
        content = path.read_bytes()
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"
    if not kind_of(content):
        return b"", "is no PNG or JPEG, by what is in it; save it as one"
    return content, ""
