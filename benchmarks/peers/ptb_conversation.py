"""The four questions of the passport queue on python-telegram-bot's ``ConversationHandler``.

As its documentation would have it: an application, one conversation handler, ``user_data``;
updates processed one after the other, nothing persisted, which are its defaults. Updates are fed
in process and requests answered on the spot, so nothing but the framework and this bot is measured.

Run by ``benchmarks/beside.py`` in an environment of its own; prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import passport
from feeding import measured
from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User
from telegram.ext import (
    Application,
    ApplicationBuilder,
    ContextTypes,
    ConversationHandler,
    ExtBot,
    MessageHandler,
    filters,
)

SEATS = passport.Seats()
LAST: dict[int, str] = {}
CHOOSING, CONFIRMING = range(2)
Context = ContextTypes.DEFAULT_TYPE


class Answered(ExtBot[None]):
    """Telegram that takes every message at once; each chat's last words are in ``LAST``."""

    async def _post(self, endpoint: str, data: Any = None, **_: Any) -> Any:
        if endpoint == "sendMessage":
            LAST[data["chat_id"]] = f"{LAST.get(data['chat_id'], '')}\n{data['text']}"
        if endpoint == "getMe":
            return {"id": 42, "is_bot": True, "first_name": "Antrean"}
        return True


def buttons(*titles: str) -> InlineKeyboardMarkup:
    """Something to tap."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(title, callback_data=title)] for title in titles]
    )


async def hello(update: Update, context: Context) -> int:
    """Greet, and say how to register."""
    context.user_data.clear()
    greeting, how = passport.HELLO
    await update.message.reply_text(greeting)
    await update.message.reply_text(how, reply_markup=buttons(*passport.HELLO_BUTTONS))
    return ConversationHandler.END


async def dates(update: Update, context: Context) -> int:
    """Offer five dates."""
    days, text = passport.offer(SEATS)
    context.user_data["dates"] = days
    titles = (passport.in_words(passport.date.fromisoformat(day)) for day in days)
    await update.message.reply_text(text, reply_markup=buttons(*titles))
    return CHOOSING


async def identity(update: Update, context: Context) -> int:
    """Check the form, hold a seat, send the approval code."""
    message, known = update.message, context.user_data
    try:
        held = passport.hold(SEATS, str(update.effective_user.id), message.text, known["dates"])
    except passport.Refused as refused:
        await message.reply_text(str(refused))
        return CHOOSING
    known["held"] = held
    confirmation, approval = passport.confirmation(held)
    await message.reply_text(confirmation)
    await message.reply_text(approval, reply_markup=buttons(*passport.APPROVAL_BUTTONS))
    return CONFIRMING


async def code(update: Update, context: Context) -> int:
    """Check the code, give the queue number."""
    held = context.user_data["held"]
    try:
        passport.check_code(held, update.message.text)
    except passport.Refused as refused:
        await update.message.reply_text(str(refused))
        return CONFIRMING
    for text in passport.booked(held):
        await update.message.reply_text(text)
    return ConversationHandler.END


def application(bot: Answered) -> Application[Any, Any, Any, Any, Any, Any]:
    """The bot."""
    asked = MessageHandler(filters.Regex(r"^#tgllayanan$"), dates)
    made = ApplicationBuilder().bot(bot).updater(None).build()
    made.add_handler(
        ConversationHandler(
            entry_points=[asked],
            states={
                CHOOSING: [MessageHandler(filters.Regex(passport.FORM), identity)],
                CONFIRMING: [MessageHandler(filters.Regex(r"^\d{8}$"), code)],
            },
            fallbacks=[asked, MessageHandler(filters.ALL, hello)],
        )
    )
    made.add_handler(MessageHandler(filters.ALL, hello))
    return made


async def main(people: int) -> None:
    """Measure."""
    bot = Answered("42:TEST")
    made = application(bot)
    await made.initialize()
    written = 0

    async def feed(person: int, text: str) -> Any:
        nonlocal written
        written += 1
        message = Message(
            written, passport.now(), Chat(person, "private"), User(person, "A", False), text=text  # noqa: FBT003 - as Telegram has it
        )  # fmt: skip
        message.set_bot(bot)
        update = Update(written, message=message)
        return lambda: made.process_update(update)

    print(json.dumps({"python-telegram-bot": await measured(feed, LAST, people)}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
