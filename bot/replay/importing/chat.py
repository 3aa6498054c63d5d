"""An exported WhatsApp chat as messages: pure, from lines to values.

Headers say where messages begin (:mod:`.headers`); what stands between two of them is one message.
Here it is told what each is: words, a picture, or nothing a person said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.replay.importing.attachments import attachment_of
from bot.replay.importing.conversation import Note
from bot.replay.importing.headers import Header, headers_in
from bot.replay.importing.order import ORDERS, Order
from bot.replay.importing.phrases import is_about_a_group, is_by_nobody, is_deleted, without_edited
from bot.replay.importing.signs import trimmed
from bot.replay.importing.source import Line
from bot.replay.said import TEXT


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message.

    Args:
        line: where it begins, 1-based.
        at: on the phone's clock, without a zone.
        kind: as :attr:`bot.replay.said.Said.kind`.
        text: its words, or the caption of what was attached.
    """

    line: int
    at: datetime
    sender: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as exported.

    Args:
        notes: what is no message, and what was taken otherwise than it may look.
        is_group: whether WhatsApp says that it is a group's.
    """

    messages: Sequence[ChatMessage]
    notes: Sequence[Note]
    is_group: bool

    @property
    def senders(self) -> Sequence[str]:
        """Everybody who writes, who writes first first."""
        return list(dict.fromkeys(message.sender for message in self.messages))

    def under_one_name(self, names: Sequence[str]) -> Chat:
        """The chat, with everything that is said under ``names`` said under the first of them."""
        messages = [
            replace(each, sender=names[0]) if each.sender in names else each
            for each in self.messages
        ]
        return replace(self, messages=messages)


def chat_of(
    lines: Sequence[Line], today: date, *, order: Order | None = None, known: Sequence[str] = ()
) -> Chat:
    """Read an exported chat; for the arguments and what is raised see :func:`headers_in`."""
    headers = headers_in(lines, today, order=order, known=known)
    notes = [
        Note(line.number, f"begins like a message, taken as text: {why}", left_out=False)
        for line, why in headers.refused
    ]
    if headers.dates.hint:
        read_as = ORDERS[headers.dates.order]
        message = f"dates can be read in two ways; read as {read_as}: {headers.dates.hint}"
        notes.append(Note(0, message, left_out=False))
    first = headers.found[0].line.number
    before = [line for line in lines if line.number < first and trimmed(line.text)]
    notes += [Note(line.number, "stands before the first message") for line in before]
    messages: list[ChatMessage] = []
    is_group = headers.is_group
    for header, text in _joined(lines, headers.found):
        read = _message(header, text, notes)
        if isinstance(read, ChatMessage):
            messages.append(read)
        else:
            notes.append(read)
            is_group = is_group or (is_by_nobody(text.strip()) and is_about_a_group(text))
    return Chat(messages, sorted(notes, key=lambda note: note.line), is_group)


def _joined(lines: Sequence[Line], headers: Sequence[Header]) -> Iterator[tuple[Header, str]]:
    """Each header with the whole text that follows it."""
    ends = [header.line.number - 1 for header in headers[1:]] + [len(lines)]
    for header, end in zip(headers, ends, strict=True):
        more = [line.text for line in lines[header.line.number : end]]
        yield header, "\n".join([header.text, *more])


def _message(header: Header, raw: str, notes: list[Note]) -> ChatMessage | Note:
    """A message, or why it is none; what was changed in it is added to ``notes``."""
    line = header.line.number
    if not header.sender:
        return Note(line, f"a line by WhatsApp itself: {_short(raw)}")
    whole, is_edited = without_edited(raw.strip(" \t\r\n"))
    text = trimmed(whole)
    if is_deleted(text):
        return Note(line, "a message that was deleted")
    if is_by_nobody(whole):
        return Note(line, f"a line by WhatsApp itself: {_short(text)}")
    if is_edited:
        notes.append(Note(line, "edited later; these are its last words", left_out=False))
    if not text:
        notes.append(Note(line, "nothing is left of it; taken as unsupported", left_out=False))
        return ChatMessage(line, header.at, header.sender, "unsupported", "")
    kind, text = attachment_of(whole) or (TEXT, text)
    if kind == "image" and whole.startswith("<"):
        message = "the file does not say what was attached; taken as a picture"
        notes.append(Note(line, message, left_out=False))
    return ChatMessage(line, header.at, header.sender, kind, text)


def _short(text: str) -> str:
    line = " ".join(trimmed(text).split())
    return line if len(line) <= 60 else f"{line[:59]}…"  # noqa: PLR2004 - as fits a line
