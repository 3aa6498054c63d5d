"""The four questions of the passport queue on Antre; prints one line of JSON.

Twice: the whole bot, with its outbox, journal and handled ids over stores in memory; and the
dialogue alone (understanding, engine, actions on seats in memory, replies), which keeps no more
than a conversation's state, as the peers do. Run by ``benchmarks/beside.py``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
import world
from feeding import measured

from bot.app import Bot
from bot.channels.inbound import Inbound
from bot.clock import system_clock
from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Message
from bot.dialogue.store import Contact
from bot.locks import Locks
from bot.venue import rendered
from nlu.interpreter import Interpreter
from storage.stores import stores_in_memory


class Dialogue:
    """Turns without a shell: nothing is kept but the state of conversations."""

    def __init__(self, bot: Bot) -> None:
        self._library = bot.library
        self._interpreter = Interpreter()
        self._conversations: dict[str, Conversation] = {}
        self._locks = Locks()

    async def hear(self, contact: Contact, message: Message) -> str:
        """Take a turn; the texts of the replies."""
        key = contact.conversation_id
        async with self._locks.hold(key):
            venue, acting, now = (
                self._library.venue_of(contact),
                self._library.acting,
                system_clock(),
            )
            before = self._conversations.get(key) or Conversation(key, venue.flow)
            expectation = acting.engine.expectation(before)
            local = now.astimezone(venue.zone)
            heard = await self._interpreter.understand(message, expectation, local)
            acted = await acting.run(before, heard, contact=contact, turn=message.id, now=local)
            replies = rendered(acted.says, venue, contact, now)
            self._conversations[key] = acted.conversation
        return "\n".join(reply.text for reply in replies)


async def whole(people: int) -> float:
    """Messages a second with the whole bot, until the last answer is delivered."""
    bot, mailbox = world.bot_on(stores_in_memory())
    said: dict[int, str] = {}
    written = 0

    async def feed(person: int, text: str) -> Any:
        nonlocal written
        written += 1
        contact = Contact("whatsapp", f"62812{person:08d}", world.OFFICE)
        inbound = Inbound(contact, Message(f"m{written}", "text", text, system_clock()))

        async def hand_over() -> None:
            await bot.turns.hear(inbound)
            sending = bot.outbox._sending.get(contact.conversation_id)  # noqa: SLF001 - nothing else waits for one conversation alone
            if sending:
                await sending
            said[person] = mailbox.last.pop(contact.sender, "")

        return hand_over

    rate = await measured(feed, said, people)
    await bot.outbox.close()
    return rate


async def alone(people: int) -> float:
    """Messages a second with the dialogue alone."""
    bot, _ = world.bot_on(stores_in_memory())
    dialogue, said = Dialogue(bot), dict[int, str]()
    written = 0

    async def feed(person: int, text: str) -> Any:
        nonlocal written
        written += 1
        contact = Contact("whatsapp", f"62812{person:08d}", world.OFFICE)
        message = Message(f"m{written}", "text", text, system_clock())

        async def hand_over() -> None:
            said[person] = await dialogue.hear(contact, message)

        return hand_over

    return await measured(feed, said, people)


async def main(people: int) -> None:
    """Measure."""
    rates = {
        "Antre, the whole bot": await whole(people),
        "Antre, the dialogue alone": await alone(people),
    }
    print(json.dumps(rates))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
