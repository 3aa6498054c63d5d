"""The file of a backup: whole, or known not to be."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from io import BytesIO

import bson
import pytest

from storage.backup_file import BackupError, BackupWriter, checked, documents

MOMENT = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
DOCUMENTS = [
    ("seats", bson.encode({"_id": 1, "office": "batam"})),
    ("seats", bson.encode({"_id": 2, "office": "bogor"})),
    ("people", bson.encode({"_id": "x"})),
]


def written(extra: dict[str, object] | None = None) -> bytes:
    """A small backup, with an empty collection in it."""
    output = BytesIO()
    writer = BackupWriter(output, {"version": "1", "begun": MOMENT, **(extra or {})})
    name = ""
    for of, raw in DOCUMENTS:
        if of != name:
            writer.collection(of)
            name = of
        writer.document(raw)
    writer.collection("empty")
    writer.close()
    return output.getvalue()


def test_comes_back() -> None:
    """Every document, byte for byte, and what the backup says of itself."""
    file = written()
    backup = checked(BytesIO(file))
    assert list(documents(BytesIO(file))) == DOCUMENTS
    assert backup.header["begun"] == MOMENT
    assert [(held.name, held.documents) for held in backup.held] == [
        ("seats", 2),
        ("people", 1),
        ("empty", 0),
    ]
    assert (backup.documents, len(backup.digest)) == (3, 64)


def test_cut_short() -> None:
    """However short a file was cut, it is no backup."""
    file = written()
    for length in range(len(file)):
        with pytest.raises(BackupError):
            checked(BytesIO(file[:length]))


def test_damaged() -> None:
    """Whichever bit is wrong: it is found, or it was in a part that says nothing."""
    file = written()
    unnoticed = []
    for place in range(len(file)):
        broken = bytearray(file)
        broken[place] ^= 0x10
        try:
            checked(BytesIO(broken))
        except BackupError:
            continue
        assert list(documents(BytesIO(broken))) == DOCUMENTS
        unnoticed.append(place)
    assert max(unnoticed) < 10  # gzip's own header: when and where it was packed


def test_damaged_within() -> None:
    """Damage that happened before it was packed is found by our own checksums."""
    inside = gzip.decompress(written())
    for place in range(len(inside)):
        broken = bytearray(inside)
        broken[place] ^= 0x01
        with pytest.raises(BackupError):
            checked(BytesIO(gzip.compress(bytes(broken))))
    for odd in (inside + b"x", inside + inside, inside[:-33]):
        with pytest.raises(BackupError):
            checked(BytesIO(gzip.compress(odd)))


@pytest.mark.parametrize(
    "file",
    [b"", b"PK\x03\x04 something else", gzip.compress(b"words")],
    ids=["empty", "a zip", "words"],
)
def test_something_else(file: bytes) -> None:
    """A file that never was a backup is told as such, not as a traceback."""
    with pytest.raises(BackupError):
        checked(BytesIO(file))


def test_of_a_newer_program() -> None:
    """A form this program does not know is refused, and says which program to take."""
    inside = gzip.decompress(written({"version": "9.1"}))
    newer = inside.replace(b"antre_backup\x00\x01", b"antre_backup\x00\x02")
    with pytest.raises(BackupError, match=r"Antre 9\.1 or newer"):
        checked(BytesIO(gzip.compress(newer)))
