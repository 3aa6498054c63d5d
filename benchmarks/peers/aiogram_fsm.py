"""The four questions of the passport queue on aiogram 3's finite-state machine.

As its documentation would have it: a router, a ``StatesGroup``, ``MemoryStorage`` and
``SimpleEventIsolation``. Updates are fed in process and requests answered on the spot, so nothing
but the framework and this bot is measured.

Run by ``benchmarks/beside.py`` in an environment of its own; prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from typing import Any

import passport
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.base import BaseSession
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage, SimpleEventIsolation
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User
from feeding import measured

SEATS = passport.Seats()


class Booking(StatesGroup):
    """Where a conversation stands."""

    choosing = State()
    confirming = State()
    booked = State()


def buttons(*titles: str) -> InlineKeyboardMarkup:
    """Something to tap."""
    rows = [[InlineKeyboardButton(text=title, callback_data=title)] for title in titles]
    return InlineKeyboardMarkup(inline_keyboard=rows)


router = Router()


@router.message(F.text == "#tgllayanan")
async def dates(message: Message, state: FSMContext) -> None:
    """Offer five dates."""
    days, text = passport.offer(SEATS)
    await state.set_state(Booking.choosing)
    await state.update_data(dates=days)
    titles = (passport.in_words(passport.date.fromisoformat(day)) for day in days)
    await message.answer(text, reply_markup=buttons(*titles))


@router.message(StateFilter(Booking.choosing), F.text.regexp(passport.FORM))
async def identity(message: Message, state: FSMContext) -> None:
    """Check the form, hold a seat, send the approval code."""
    data: dict[str, Any] = await state.get_data()
    sender = message.from_user.id if message.from_user else 0
    try:
        held = passport.hold(SEATS, str(sender), message.text or "", data["dates"])
    except passport.Refused as refused:
        await message.answer(str(refused))
        return
    await state.update_data(held=held)
    await state.set_state(Booking.confirming)
    confirmation, approval = passport.confirmation(held)
    await message.answer(confirmation)
    await message.answer(approval, reply_markup=buttons(*passport.APPROVAL_BUTTONS))


@router.message(StateFilter(Booking.confirming), F.text.regexp(r"^\d{8}$"))
async def code(message: Message, state: FSMContext) -> None:
    """Check the code, give the queue number."""
    data: dict[str, Any] = await state.get_data()
    try:
        passport.check_code(data["held"], message.text or "")
    except passport.Refused as refused:
        await message.answer(str(refused))
        return
    await state.set_state(Booking.booked)
    for text in passport.booked(data["held"]):
        await message.answer(text)


@router.message()
async def hello(message: Message, state: FSMContext) -> None:
    """Greet, and say how to register."""
    await state.clear()
    greeting, how = passport.HELLO
    await message.answer(greeting)
    await message.answer(how, reply_markup=buttons(*passport.HELLO_BUTTONS))


class Answered(BaseSession):
    """Telegram that takes every message at once; keeps each chat's last words."""

    def __init__(self) -> None:
        super().__init__()
        self.last: dict[int | str, str] = {}

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None  # noqa: ARG002, ASYNC109 - the base's
    ) -> Any:  # fmt: skip
        """Take a message."""
        if isinstance(method, SendMessage):
            self.last[method.chat_id] = f"{self.last.get(method.chat_id, '')}\n{method.text}"
        return True

    async def close(self) -> None:
        """Nothing to close."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """Telegram has no files here."""
        raise NotImplementedError  # aiogram wants the method; the booking never asks for a file
        yield b""


async def main(people: int) -> None:
    """Measure."""
    sent = Answered()
    bot = Bot("42:TEST", session=sent)
    dispatcher = Dispatcher(storage=MemoryStorage(), events_isolation=SimpleEventIsolation())
    dispatcher.include_router(router)
    written = 0

    async def feed(person: int, text: str) -> Any:
        nonlocal written
        written += 1
        chat, user = Chat(id=person, type="private"), User(id=person, is_bot=False, first_name="A")
        message = Message(
            message_id=written, date=passport.now(), chat=chat, from_user=user, text=text
        )
        update = Update(update_id=written, message=message)
        return lambda: dispatcher.feed_update(bot, update)

    print(json.dumps({"aiogram": await measured(feed, sent.last, people)}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
