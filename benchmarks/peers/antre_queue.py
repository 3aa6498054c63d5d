"""The four questions of the passport queue on Antre; prints one line of JSON, for ``compare.py``.

Twice: the whole bot, with its outbox, journal and handled ids over stores in memory; and the
dialogue alone (understanding, engine, actions on seats in memory, replies), which keeps no more
than a conversation's state, as the peer does.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import turn as whole
import world

from bot.app import Bot
from bot.clock import system_clock
from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Message
from bot.dialogue.store import Contact
from bot.locks import Locks
from bot.turn import rendered
from nlu.interpreter import Interpreter
from storage.stores import stores_in_memory

Say = Callable[[str], Awaitable[str]]
"""Says something; what is answered."""


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


async def booking(say: Say, name: str) -> None:
    """One person's four messages."""
    day = whole.working_day()
    await say("Pagi, Pak")
    await say("#tgllayanan")
    [code] = set(whole.CODE.findall(await say(f"#{name}#17081990#{day:%d%m%Y}")))
    answer = await say(code)
    if "Nomor antrean" not in answer:
        raise RuntimeError(answer)


async def in_whole(bot: Bot, mailbox: world.Mailbox, number: int) -> float:
    """A booking with the whole bot, until the last answer is delivered; seconds."""
    person = world.Person(bot, mailbox, number)

    async def say(text: str) -> str:
        await person.say(text)
        return await person.read()

    began = time.process_time()
    await booking(say, person.name)
    return time.process_time() - began


async def in_dialogue(dialogue: Dialogue, number: int) -> float:
    """A booking with the dialogue alone; seconds."""
    contact = Contact("whatsapp", f"62812{number:08d}", world.OFFICE)

    async def say(text: str) -> str:
        now = system_clock()
        return await dialogue.hear(contact, Message(f"m{now}", "text", text, now))

    began = time.process_time()
    await booking(say, f"Pemohon {world.letters(number)}")
    return time.process_time() - began


async def main(people: int) -> None:
    """Measure."""
    bot, mailbox = world.bot_on(stores_in_memory())
    took = [await in_whole(bot, mailbox, number) for number in range(people + 50)][50:]
    await bot.outbox.close()
    alone, _ = world.bot_on(stores_in_memory())
    dialogue = Dialogue(alone)
    without = [await in_dialogue(dialogue, number) for number in range(people + 50)][50:]
    rates = {
        "antre, the whole bot": 4 * people / sum(took),
        "antre, the dialogue alone": 4 * people / sum(without),
    }
    print(json.dumps(rates))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
