"""How the tests of imported chats read one."""

from collections.abc import Sequence
from datetime import date

from bot.replay.importing.chat import Chat, chat_of
from bot.replay.importing.order import Order
from bot.replay.importing.source import Source

TODAY = date(2026, 11, 22)


def read(text: str, *, order: Order | None = None, known: Sequence[str] = ()) -> Chat:
    """An exported chat."""
    return chat_of(Source("x", text).lines(), TODAY, order=order, known=known)


def said(text: str, **more: Sequence[str]) -> list[tuple[str, str]]:
    """Who said what in an exported chat."""
    return [(each.sender, each.text) for each in read(text, **more).messages]


def kinds(text: str) -> list[tuple[str, str]]:
    """Kind and text of the messages of an exported chat."""
    return [(each.kind, each.text) for each in read(text).messages]


def left_out(text: str) -> list[int]:
    """Lines that are not taken over."""
    return [note.line for note in read(text).notes if note.left_out]
