"""The text of an exported chat: out of a zip or not, in whatever encoding, line by line.

Nothing is ever unpacked to disk, and nothing larger than :data:`AT_MOST` is read, whatever a zip
says about itself.
"""

from __future__ import annotations

import codecs
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from bot.replay.importing.conversation import ImportingError

AT_MOST: Final = 64 * 2**20
"""Bytes of text; WhatsApp exports 40,000 messages at most."""

IN_ZIP: Final = 4 * 2**30
"""Bytes of a zip with its pictures, which are not read."""

_BREAK = re.compile(r"\r\n|\n|\r")
_ENCRYPTED: Final = 0x1
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # begins like UTF-16, so it is looked for first
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SAMPLE: Final = 4096


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text.

    Args:
        number: 1-based.
        text: without its end.
        after_crlf: whether the line before ends with a carriage return, too. Phones from Apple end
            messages so and lines within them not.
    """

    number: int
    text: str
    after_crlf: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was read.

    Args:
        name: of the text's own file, without its ending; in a zip that of the zip.
    """

    name: str
    text: str

    def lines(self) -> list[Line]:
        """Its lines. Only what every program takes for a line's end ends one."""
        found, at, crlf = list[Line](), 0, True
        for number, end in enumerate(_BREAK.finditer(self.text), start=1):
            found.append(Line(number, self.text[at : end.start()], crlf))
            at, crlf = end.end(), end[0] == "\r\n"
        if at < len(self.text):
            found.append(Line(len(found) + 1, self.text[at:], crlf))
        return found


def read_source(path: Path) -> Source:
    """Read a text file, or the chat in a zip.

    Raises:
        ImportingError: there is none, or it cannot be read; says why and what to do.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
            if head == b"PK\x03\x04":
                return Source(path.stem, decoded(_unzipped(path), path))
            content = head + file.read(AT_MOST)
    except OSError as error:
        raise ImportingError(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > AT_MOST:
        raise ImportingError(f"{path}: larger than {AT_MOST >> 20} MiB; split it in two")
    return Source(path.stem, decoded(content, path))


def decoded(content: bytes, path: Path) -> str:
    """``content`` as text: by its byte order mark, else UTF-8, or UTF-16 without a mark.

    Raises:
        ImportingError: it is no text.
    """
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "")
    try:
        text = content.decode(encoding or _guessed(content))
    except UnicodeDecodeError as error:
        message = f"{path}: not a text (UTF-8 or UTF-16): byte {error.start} cannot be read"
        raise ImportingError(message) from None
    if "\0" in text:
        raise ImportingError(f"{path}: not a text; take the exported chat (.txt or .zip)")
    return text


def _guessed(content: bytes) -> str:
    """An encoding for what has no mark; in UTF-16 most letters leave every other byte empty."""
    sample = content[:_SAMPLE]
    if sample[1::2].count(0) * 3 > len(sample):
        return "utf-16-le"
    if sample[::2].count(0) * 3 > len(sample):
        return "utf-16-be"
    return "utf-8"


def _unzipped(path: Path) -> bytes:
    try:
        if path.stat().st_size > IN_ZIP:
            raise ImportingError(f"{path}: larger than {IN_ZIP >> 30} GiB; export without media")
        with zipfile.ZipFile(path) as archive:
            member = _chat_in(archive, path)
            with archive.open(member) as file:
                content = file.read(AT_MOST + 1)
    except _DAMAGED as error:
        raise ImportingError(f"{path}: this zip is damaged: {error}; export it again") from None
    except RuntimeError:  # what zipfile raises for want of a password
        raise ImportingError(f"{path}: {_LOCKED}") from None
    if len(content) > AT_MOST:
        message = f"{member.filename} in it is larger than {AT_MOST >> 20} MiB; that is no chat"
        raise ImportingError(f"{path}: {message}")
    return content


_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,  # of bzip2, and of places before the file's beginning
    EOFError,
    NotImplementedError,
    ValueError,
)
_LOCKED: Final = "this zip has a password; unpack it and import the .txt"


def _chat_in(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """The one chat among what else is packed with it: pictures, or texts that were sent."""
    texts = [
        each
        for each in archive.infolist()
        if each.filename.lower().endswith(".txt") and not each.filename.startswith("__MACOSX/")
    ]
    if not texts:
        raise ImportingError(f"{path}: no .txt is in this zip; export the chat once more")
    chats = [each for each in texts if _is_chat(each.filename, path)] or texts
    if len(chats) > 1:
        names = ", ".join(sorted(each.filename for each in chats)[:5])
        message = f"several texts are in this zip ({names}); unpack the chat and import that"
        raise ImportingError(f"{path}: {message}")
    if chats[0].flag_bits & _ENCRYPTED:
        raise ImportingError(f"{path}: {_LOCKED}")
    return chats[0]


def _is_chat(name: str, path: Path) -> bool:
    file = PurePosixPath(name)
    return file.name == "_chat.txt" or file.stem == path.stem or "whatsapp" in file.stem.lower()
