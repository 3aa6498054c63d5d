"""Files that replies bring, in ``pictures/`` and ``documents/``, told apart by what is in them.

A version of the flows names its files by their hash; their content is kept beside the versions,
so that whoever serves one needs no folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from bot.dialogue.reply import Pdf, Picture
from bot.document import meant
from bot.picture import LARGEST_BYTES, PDF, is_pdf, kind_of
from bot.told import tell

PICTURES: Final = "pictures"
DOCUMENTS: Final = "documents"
FOLDERS: Final = (PICTURES, DOCUMENTS)
"""Within the folder of the flows."""

_File = TypeVar("_File", Picture, Pdf)

_REFERENCE = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Gallery:
    """The files that belong to flows and replies.

    Args:
        pictures: by the name of their file.
        documents: the same.
        refused: why a file that is there cannot be used, by its path, ``pictures/page.png``.
        contents: of the files, by SHA-256; empty for what was published.
    """

    pictures: Mapping[str, Picture] = field(default_factory=dict)
    documents: Mapping[str, Pdf] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def of_folder(cls, folder: Path) -> Gallery:
        """Those that stand beside the flows in ``folder``; what else stands there is passed over
        until a reply names it.
        """
        hashes: dict[str, str] = {}
        refused: dict[str, str] = {}
        contents: dict[str, bytes] = {}
        for kind in FOLDERS:
            for path in sorted((folder / kind).glob("[!.]*")):
                if not path.is_file():
                    continue
                content, why_not = _read(path, kind)
                if why_not:
                    refused[f"{kind}/{path.name}"] = why_not
                else:
                    digest = sha256(content).hexdigest()
                    hashes[f"{kind}/{path.name}"], contents[digest] = digest, content
        return cls(
            _named(hashes, PICTURES, Picture), _named(hashes, DOCUMENTS, Pdf), refused, contents
        )

    @classmethod
    def of_files(cls, files: Mapping[str, str]) -> Gallery:
        """Those that a publication names; see :meth:`as_files`."""
        found = {path: _REFERENCE.search(text) for path, text in files.items()}
        hashes = {path: reference[1] for path, reference in found.items() if reference}
        return cls(_named(hashes, PICTURES, Picture), _named(hashes, DOCUMENTS, Pdf))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Path and SHA-256 of each file, by path."""
        for kind, files in ((DOCUMENTS, self.documents), (PICTURES, self.pictures)):
            for name in sorted(files):
                yield f"{kind}/{name}", files[name].sha256

    def as_files(self) -> dict[str, str]:
        """What stands for each file among the texts of a publication, by path."""
        lines = {}
        for path, digest in self:
            content = self.contents[digest]
            kind = kind_of(content) or PDF
            lines[path] = f"sha256:{digest} {kind} {len(content)} bytes\n"
        return lines

    def fault(self, kind: str, name: str) -> str:
        """Why ``name`` of the folder ``kind`` cannot be used; empty when it can."""
        there = self.pictures if kind == PICTURES else self.documents
        if name in there:
            return ""
        if why_not := self.refused.get(f"{kind}/{name}"):
            return tell("{name!r} {why}", name=name, why=why_not)
        if "/" in name or "\\" in name or name.startswith("."):
            return tell(
                "{name!r}: write the name of a file in {folder}/ alone, without folders",
                name=name,
                folder=kind,
            )
        one = tell("picture") if kind == PICTURES else tell("document")
        if not there:
            return tell(
                "no {kind} {name!r}; put the file into {folder}/, beside replies/",
                kind=one,
                name=name,
                folder=kind,
            )
        return tell(
            "no {kind} {name!r} in {folder}/{meant}",
            kind=one,
            name=name,
            folder=kind,
            meant=meant(name, sorted(there)),
        )


def _named(
    hashes: Mapping[str, str], kind: str, made: Callable[[str, str], _File]
) -> dict[str, _File]:
    """The files of one folder, by name."""
    parts = ((path.partition("/"), digest) for path, digest in hashes.items())
    return {name: made(name, digest) for (folder, _, name), digest in parts if folder == kind}


def _read(path: Path, kind: str) -> tuple[bytes, str]:
    """What is in a file, and why it cannot be used."""
    if not path.resolve().is_relative_to(path.parent.resolve()):
        return b"", tell("leads out of {folder}/; put the file itself there", folder=kind)
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            most, over = LARGEST_BYTES // 2**20, size - LARGEST_BYTES
            if kind == PICTURES:
                said = tell(
                    "is {over:,} bytes over the {most} MB that WhatsApp takes; make it smaller",
                    over=over,
                    most=most,
                )
            else:
                said = tell(
                    "is {over:,} bytes over the {most} MB that are sent; make it smaller",
                    over=over,
                    most=most,
                )
            return b"", said
        content = path.read_bytes()
    except OSError as error:
        return b"", tell("cannot be read: {strerror}", strerror=error.strerror)
    if kind == PICTURES and not kind_of(content):
        return b"", tell("is no PNG or JPEG, by what is in it; save it as one")
    if kind == DOCUMENTS and not is_pdf(content):
        return b"", tell("is no PDF, by what is in it; save it as one")
    return content, ""
