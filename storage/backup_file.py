"""A backup's file: gzip around records, each a byte that says what it is and a BSON document.

``H`` header, then for each collection ``C`` (its name), ``D`` (a document, byte for byte as the
database keeps it) and ``E`` (how many, how long, their SHA-256), then ``M`` (the manifest: all
collections once more) and ``Z``: the SHA-256 of everything before. So a file that was cut short,
mixed up or damaged is known before a document of it is used.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any, Final

import bson
from bson.codec_options import CodecOptions
from bson.errors import BSONError

from bot.errors import AntreError

FORMAT: Final = 1
LARGEST_DOCUMENT: Final = 48 * 2**20
"""Bytes; a database's own limit is 16 MB. A length beyond it is damage."""

_LENGTH: Final = 4
_OPTIONS: Final = CodecOptions[dict[str, Any]](tz_aware=True)


class BackupError(AntreError):
    """A file that is no whole backup, or one this program cannot read."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a backup holds of one collection.

    Args:
        size: bytes of its documents, uncompressed.
        digest: SHA-256 of them, in order.
    """

    name: str
    documents: int
    size: int
    digest: bytes

    def as_document(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "name": self.name,
            "documents": self.documents,
            "size": self.size,
            "sha256": self.digest,
        }


class BackupWriter:
    """Writes one backup; :meth:`close` makes it whole.

    Args:
        output: a file open for writing; it stays open.
        header: about the backup, beside the number of its form.
    """

    def __init__(self, output: IO[bytes], header: dict[str, Any]) -> None:
        self._zip = gzip.GzipFile(fileobj=output, mode="wb", compresslevel=6, mtime=0)
        self._all = sha256()
        self._held: list[Held] = []
        self._name = ""
        self._begin("")
        self._write(b"H", bson.encode({**header, "antre_backup": FORMAT}))

    def collection(self, name: str) -> None:
        """Begin a collection."""
        self._end()
        self._begin(name)
        self._write(b"C", bson.encode({"name": name}))

    def document(self, raw: bytes) -> None:
        """Add one document, in BSON."""
        self._documents += 1
        self._size += len(raw)
        self._digest.update(raw)
        self._write(b"D", raw)

    def close(self) -> tuple[Held, ...]:
        """Write what tells that all of it is there; what it holds."""
        self._end()
        listed = [held.as_document() for held in self._held]
        self._write(b"M", bson.encode({"collections": listed}))
        self._zip.write(b"Z" + self._all.digest())
        self._zip.close()
        return tuple(self._held)

    def _begin(self, name: str) -> None:
        self._name, self._documents, self._size, self._digest = name, 0, 0, sha256()

    def _end(self) -> None:
        if not self._name:
            return
        held = Held(self._name, self._documents, self._size, self._digest.digest())
        self._write(b"E", bson.encode(held.as_document()))
        self._held.append(held)

    def _write(self, kind: bytes, raw: bytes) -> None:
        self._all.update(kind)
        self._all.update(raw)
        self._zip.write(kind)
        self._zip.write(raw)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a checked file says of itself."""

    header: dict[str, Any]
    held: tuple[Held, ...]
    digest: str

    @property
    def documents(self) -> int:
        """Of all collections."""
        return sum(held.documents for held in self.held)


def checked(source: IO[bytes]) -> Backup:
    """Read a whole file and find it sound; nothing of it is kept.

    Raises:
        BackupError: it is not; the text says what is wrong.
    """
    reader = _Reader(source)
    for _name, _raw in reader.documents():
        pass
    return Backup(reader.header, tuple(reader.held), reader.digest)


def documents(source: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """Each document with its collection, in the order of the file. Raises as :func:`checked`,
    at the latest after the last.
    """
    return _Reader(source).documents()


class _Reader:
    """Goes through a file once."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._all = sha256()
        self.header: dict[str, Any] = {}
        self.held: list[Held] = []
        self.digest = ""

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """All documents, checked as they come."""
        try:
            with gzip.GzipFile(fileobj=self._source, mode="rb") as opened:
                yield from self._records(opened)
        except EOFError:
            raise BackupError("the backup ends too early: the file was cut short") from None
        except (zlib.error, gzip.BadGzipFile) as error:
            raise BackupError(f"this is no backup, or a damaged one ({error})") from None

    def _records(self, opened: gzip.GzipFile) -> Iterator[tuple[str, bytes]]:
        self._read_header(opened)
        name, count, size, digest = "", 0, 0, sha256()
        while True:
            kind, raw = self._record(opened)
            if kind == b"D" and name:
                count, size = count + 1, size + len(raw)
                digest.update(raw)
                yield name, raw
            elif kind == b"C" and not name:
                name, count, size, digest = str(_decoded(raw).get("name")), 0, 0, sha256()
            elif kind == b"E" and name:
                held = Held(name, count, size, digest.digest())
                if _decoded(raw) != held.as_document():
                    raise BackupError(f"the documents of {name} are not those backed up: damaged")
                self.held.append(held)
                name = ""
            elif kind == b"M" and not name:
                self._finish(opened, raw)
                return
            else:
                raise BackupError("the backup is damaged: its parts are mixed up")

    def _read_header(self, opened: gzip.GzipFile) -> None:
        kind, raw = self._record(opened)
        self.header = _decoded(raw) if kind == b"H" else {}
        form = self.header.get("antre_backup")
        if not isinstance(form, int):
            raise BackupError("this is no backup made by antre backup")
        if form > FORMAT:
            raise BackupError(
                f"the backup is of form {form}, this program reads up to {FORMAT}: restore it "
                f"with Antre {self.header.get('version', 'of its time')} or newer"
            )

    def _record(self, opened: gzip.GzipFile) -> tuple[bytes, bytes]:
        kind = _exactly(opened, 1)
        if kind not in b"HCDEM":
            raise BackupError("this is no backup made by antre backup, or a damaged one")
        length = _exactly(opened, _LENGTH)
        size = int.from_bytes(length, "little")
        if not _LENGTH < size <= LARGEST_DOCUMENT:
            raise BackupError(f"the backup is damaged: a record of {size} bytes")
        raw = length + _exactly(opened, size - _LENGTH)
        self._all.update(kind)
        self._all.update(raw)
        return kind, raw

    def _finish(self, opened: gzip.GzipFile, manifest: bytes) -> None:
        digest = self._all.digest()
        if _decoded(manifest) != {"collections": [held.as_document() for held in self.held]}:
            raise BackupError("the backup is damaged: its manifest lists something else")
        if _exactly(opened, 1) != b"Z" or _exactly(opened, len(digest)) != digest:
            raise BackupError("the backup is damaged: its checksum is another one")
        if opened.read(1):
            raise BackupError("the backup is damaged: something follows its end")
        self.digest = digest.hex()


def _exactly(opened: gzip.GzipFile, size: int) -> bytes:
    """So many bytes.

    Raises:
        EOFError: there are fewer.
    """
    read = opened.read(size)
    if len(read) < size:
        raise EOFError
    return read


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        return bson.decode(raw, _OPTIONS)
    except BSONError:
        raise BackupError("the backup is damaged: a record cannot be read") from None
