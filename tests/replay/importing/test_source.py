"""Texts out of files and zips, whatever their encoding."""

import zipfile
from pathlib import Path

import pytest

from bot.replay.importing.conversation import ImportingError
from bot.replay.importing.source import AT_MOST, Source, read_source

CHAT = "20/08/24 14.30 - Rina: Pagi 🙏\n"


@pytest.mark.parametrize(
    "content",
    [
        CHAT.encode(),
        CHAT.encode("utf-8-sig"),
        CHAT.encode("utf-16"),
        CHAT.encode("utf-32"),
        CHAT.encode("utf-16-le"),
        CHAT.encode("utf-16-be"),
    ],
)
def test_every_encoding_of_phones_and_computers_is_read(tmp_path: Path, content: bytes) -> None:
    """With a byte order mark and without."""
    path = tmp_path / "chat.txt"
    path.write_bytes(content)
    assert read_source(path).text == CHAT


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0\0\x10JFIF", b"abc\0def\0", b"\x80abc"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    """With what to do instead."""
    path = tmp_path / "chat.txt"
    path.write_bytes(content)
    with pytest.raises(ImportingError, match="not a text"):
        read_source(path)


def test_lines_end_where_every_program_ends_them() -> None:
    """Signs that only Python takes for a line's end are part of a message."""
    lines = Source("x", "a\u2028b\x0bc\x85d\r\ne\nf\n").lines()
    assert [(line.number, line.text, line.after_crlf) for line in lines] == [
        (1, "a\u2028b\x0bc\x85d", True),
        (2, "e", True),
        (3, "f", False),
    ]


def zipped(path: Path, **texts: str) -> Path:
    """A zip with these files; ``__`` in a name stands for a dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name.replace("__", "."), text)
    return path


def test_the_chat_is_found_among_what_was_sent(tmp_path: Path) -> None:
    """`_chat.txt`, or the file named as the zip is; other texts were sent in the chat."""
    apple = zipped(tmp_path / "a.zip", _chat__txt=CHAT, daftar__txt="x", foto__jpg="y")
    assert read_source(apple).text == CHAT
    name = "Chat WhatsApp dengan Kanim"
    android = zipped(tmp_path / f"{name}.zip", **{f"{name}__txt": CHAT, "daftar__txt": "x"})
    assert read_source(android) == Source(name, CHAT)


def test_a_zip_is_never_unpacked(tmp_path: Path) -> None:
    """Whatever path a file in it has, nothing is written anywhere."""
    folder = tmp_path / "in"
    folder.mkdir()
    path = zipped(folder / "a.zip", **{"../../_chat__txt": CHAT, "__MACOSX/x__txt": "z"})
    assert read_source(path).text == CHAT
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == ["a.zip"]


def test_a_zip_of_nothing_but_zeros_is_refused(tmp_path: Path) -> None:
    """No more is read than a chat can have, whatever the zip says about itself."""
    path = zipped(tmp_path / "a.zip", _chat__txt="x" * (AT_MOST + 2))
    with pytest.raises(ImportingError, match="larger than 64 MiB"):
        read_source(path)


def test_zips_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    """Without a text, with several, with a password, damaged."""
    with pytest.raises(ImportingError, match=r"no \.txt"):
        read_source(zipped(tmp_path / "a.zip", foto__jpg="x"))
    with pytest.raises(ImportingError, match="several texts"):
        read_source(zipped(tmp_path / "b.zip", one__txt="x", two__txt="y"))
    path = zipped(tmp_path / "c.zip", _chat__txt=CHAT)
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(ImportingError, match="password"):
        read_source(path)
    path.write_bytes(zipped(tmp_path / "d.zip", _chat__txt=CHAT * 99).read_bytes()[:60])
    with pytest.raises(ImportingError, match="damaged"):
        read_source(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_otherwise_may_be_damaged_too(tmp_path: Path, method: int) -> None:
    """As other programs pack: it is read, and refused when it cannot be."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("_chat.txt", CHAT * 9)
    assert read_source(path).text == CHAT * 9
    content = bytearray(path.read_bytes())
    content[48:88] = b"x" * 40
    path.write_bytes(content)
    with pytest.raises(ImportingError, match="damaged"):
        read_source(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(ImportingError, match=r"nothing\.txt: cannot be read"):
        read_source(tmp_path / "nothing.txt")
