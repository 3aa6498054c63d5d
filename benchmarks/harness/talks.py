"""The two conversations that are measured: a booking in four messages, and four questions.

The booking is hello, the dates, the identity with a chosen day, the approval code. The questions
touch no seat, so a turn of theirs is the state machine, the words and the storage alone.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from harness.loops import Conversation, Timed

QUESTIONS: Mapping[str, str] = {
    "hello": "Pagi, Pak",
    "requirements": "syaratnya apa aja ya?",
    "help": "#bantuan",
    "office": "alamat kantornya di mana?",
}
TRIES = 5
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
LISTED = re.compile(rf"^\d+\. \w+, (\d+) ({'|'.join(MONTHS)}) (\d{{4}})", re.MULTILINE)
CODE = re.compile(r"\*(\d{8})\*")
BOOKED = "Nomor antrean"


class Door(Protocol):
    """Somewhere to write to."""

    async def write(self, sender: str, text: str) -> None:
        """Write; returns once it is taken, and that is what is timed."""
        ...

    async def read(self, sender: str, step: str) -> str:
        """All that was answered; for a door that answers nothing, nothing."""
        ...


def questions(door: Door, next_sender: Callable[[], str]) -> Conversation:
    """Four questions, each asked when the one before is answered, and by another person: nobody
    writes again within the millisecond in which an answer arrives.
    """

    async def talk(timed: Timed) -> None:
        for step, text in QUESTIONS.items():
            sender = next_sender()
            await timed.time(step, writing(door, sender, text))
            await door.read(sender, step)

    return talk


def booking(door: Door, sender: str, number: int) -> Conversation:
    """A booking of the person of that number, on one of the offered days, chosen by it; on the
    next when others took its last seat meanwhile.

    Raises:
        RuntimeError: it was not booked; the text is the last answer.
    """

    async def write(timed: Timed, step: str, text: str) -> str:
        await timed.time(step, writing(door, sender, text))
        return await door.read(sender, f"booking {step}")

    async def talk(timed: Timed) -> None:
        await write(timed, "hello", "Pagi, Pak")
        said = await write(timed, "dates", "#tgllayanan")
        for attempt in range(TRIES):
            if not (days := offered(said)):
                break
            form = f"#{name_of(number)}#17081990#{days[(number + attempt) % len(days)]}"
            said = await write(timed, "identity", form)
            if code := CODE.search(said):
                said = await write(timed, "code", code[1])
                break
        if BOOKED not in said:
            raise RuntimeError(said)

    return talk


def offered(said: str) -> list[str]:
    """The days of a list of dates, in eight digits each."""
    return [
        f"{int(day):02d}{MONTHS.index(month) + 1:02d}{year}"
        for day, month, year in LISTED.findall(said)
    ]


def writing(door: Door, sender: str, text: str) -> Callable[[], Awaitable[None]]:
    """Writes when called."""
    return lambda: door.write(sender, text)


def sender_of(number: int) -> str:
    """A telephone number; nobody's."""
    return f"62812{number:08d}"


def name_of(number: int) -> str:
    """A name of its own, since names have no digits."""
    digits = [(number // 20**place) % 20 for place in range(4)]
    return "Pemohon " + "".join("bcdfghjklmnprstvwxyz"[digit] + "a" for digit in digits).title()


async def quiet(seconds: float = 0.5) -> None:
    """Let a server end what it does beside."""
    await asyncio.sleep(seconds)
