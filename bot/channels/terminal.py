"""The terminal door: chat with the bot where you type commands.

Buttons are numbered and a number taps one. The rows of a list are numbered too, but there the
number goes to the bot as text, which counts the same options itself.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.channels.inbound import Collects, Hears, Inbound
from bot.console import Console
from bot.dialogue.events import Message
from bot.dialogue.reply import Button, Reply
from bot.dialogue.store import Contact
from bot.errors import StorageUnavailable

LEAVE = "/keluar"
PROMPT = "› "  # noqa: RUF001  # the prompt is meant to look like this

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_MARKED = re.compile(r"(?<!\w)([*_~])(?=\S)([^*_~\n]+?)(?<=\S)\1(?!\w)")
_STYLES = {"*": "bold", "_": "italic", "~": "strike"}

ReadLine = Callable[[], Awaitable[str | None]]
"""Waits for a line; ``None`` at the end of input."""


async def chat(
    hears: Hears,
    collects: Collects,
    contact: Contact,
    read_line: ReadLine,
    console: Console,
    clock: Callable[[], datetime],
) -> None:
    """Talk until the end of input or ``/keluar``. An empty line only looks for new messages.

    Args:
        contact: who is chatting, with which office; ``heard_at`` is set for each message.
        read_line: :func:`read_stdin`, or a test's own.
        clock: aware UTC.
    """
    console.print(f"Tulis pesan. {LEAVE} atau Ctrl-D untuk selesai (to leave).", style="dim")
    buttons: Sequence[Button] = ()
    message: Message | None = None
    while True:
        try:
            if message:
                inbound = Inbound(replace(contact, heard_at=message.at), message)
                await hears.hear(inbound)
            replies = await collects.collect(contact.conversation_id)
        except StorageUnavailable:
            console.print("Penyimpanan tidak menjawab; coba lagi (storage is down).", style="red")
        else:
            for reply in replies:
                _show(reply, console)
            if replies:
                buttons = _tappable(replies)
        line = await read_line()
        if line is None or line.strip() == LEAVE:
            return
        message = _message(line.strip(), buttons, clock()) if line.strip() else None


def _message(line: str, buttons: Sequence[Button], now: datetime) -> Message:
    if line.isdecimal() and 1 <= int(line) <= len(buttons):
        button = buttons[int(line) - 1]
        return Message(str(uuid4()), "tap", button.payload, now, button.title)
    return Message(str(uuid4()), "text", line, now)


def _tappable(replies: Sequence[Reply]) -> Sequence[Button]:
    """The buttons a number means: those shown last, unless they are rows of a list."""
    last = next((reply for reply in reversed(replies) if reply.buttons), None)
    return last.buttons if last and not last.menu else ()


def _show(reply: Reply, console: Console) -> None:
    console.print()
    for title, text in _boxes(reply):
        console.print(_boxed(title, text))
    console.print(Padding(_styled(reply.text), (0, 2)))
    if reply.menu:
        console.print(Padding(Text(f"≡ {_plain(reply.menu)}", "cyan"), (1, 2, 0, 2)))
    for number, button in enumerate(reply.buttons, 1):
        row = Text.assemble((f"{number:>2}  ", "cyan"), (_plain(button.title), "bold"))
        if button.description:
            row.append(f"  {_plain(button.description)}", "dim")
        console.print(Padding(row, (0, 2)))


def _boxes(reply: Reply) -> Iterator[tuple[str, str]]:
    """What stands for all that is no words: a title and what is in it."""
    if reply.reaction:
        yield "reaksi (reaction)", reply.reaction.emoji
    if place := reply.location:
        degrees = f"{place.latitude}, {place.longitude}"
        yield "lokasi (location)", "\n".join(filter(None, (place.name, place.address, degrees)))
    if reply.contact:
        yield "kontak (contact)", "\n".join((reply.contact.name, *reply.contact.phones))
    if reply.barcode:
        yield "barcode", reply.barcode
    elif reply.picture:
        yield "gambar (picture)", reply.picture.name
    if reply.document:
        yield "dokumen (document)", reply.document.name


def _boxed(title: str, text: str) -> Padding:
    """What stands for something to look at."""
    box = Panel(Text(_plain(text), "bold"), title=title, expand=False, padding=(1, 4))
    return Padding(box, (0, 2))


def _styled(text: str) -> Text:
    """Text with WhatsApp's marks as styles: ``*bold*``, ``_italic_``, ``~struck~``."""
    text = _plain(text)
    styled = Text()
    end = 0
    for marked in _MARKED.finditer(text):
        styled.append(text[end : marked.start()])
        styled.append(marked[2], _STYLES[marked[1]])
        end = marked.end()
    return styled.append(text[end:])


def _plain(text: str) -> str:
    """Without what would drive the terminal: replies repeat what people typed."""
    return _CONTROL.sub("", text)


async def read_stdin() -> str | None:
    """A line of standard input.

    Read in a daemon thread of its own: one of the loop's pool would hold up the end of the process
    until somebody presses Enter.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str | None] = loop.create_future()

    def settle(line: str | None) -> None:
        if not answer.done():
            answer.set_result(line)

    def read() -> None:
        try:
            line: str | None = input(PROMPT)
        except EOFError:
            line = None
        loop.call_soon_threadsafe(settle, line)

    threading.Thread(target=read, daemon=True, name="stdin").start()
    return await answer
