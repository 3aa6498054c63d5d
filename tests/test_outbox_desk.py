"""What operators see of messages that wait and of dead letters, and what they do about them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import app
from bot.cli import cli
from bot.dialogue.letters import dead_letter
from bot.dialogue.reply import Reply, Template
from bot.dialogue.store import Contact, Outgoing
from bot.errors import Stopped, TryLater, Undeliverable
from bot.outbox_desk import OutboxDesk, held
from bot.settings import Settings
from bot.stores import Stores
from storage.stores import stores_in_memory
from tests.support.shell import CONTACT, Bot, Clock


@pytest.fixture
def clock() -> Clock:
    """Stands still until moved."""
    return Clock()


@pytest.fixture
def stores() -> Stores:
    """Empty ones."""
    return stores_in_memory()


@pytest.fixture
def bot(stores: Stores, clock: Clock, tmp_path: Path) -> Bot:
    """A bot on them."""
    return Bot(stores.conversations, tmp_path, clock=clock)


@pytest.fixture
def desk(stores: Stores, clock: Clock) -> OutboxDesk:
    """The desk over the same."""
    return OutboxDesk(stores, clock)


def person(number: int, account: str = "10001") -> Contact:
    """Somebody who writes to an account."""
    return replace(CONTACT, sender=f"62812000000{number}", account=account)


async def test_waiting(bot: Bot, desk: OutboxDesk) -> None:
    """What waits says why; accounts that may not send are told with how many wait for them."""
    bot.delivery.moods.append(TryLater("busy", 131000))
    await bot.hear("none", "m0", person(1, "10002"))
    await bot.outbox.close()
    bot.delivery.refuse["10001"] = Stopped("expired", 190)
    for number in (2, 3):
        await bot.hear("twice", "m0", person(number))
        await bot.outbox.close()
    waiting = [each for _, each in await desk.waiting()]
    assert [len(each.outbox) for each in waiting] == [1, 3, 3]
    assert waiting[0].outbox[0].trouble["code"] == 131000
    (account,) = held(waiting)
    assert (account.account, account.conversations, account.trouble["code"]) == ("10001", 2, 190)
    assert await desk.waiting("elsewhere") == []


async def test_retry(bot: Bot, desk: OutboxDesk, clock: Clock) -> None:
    """A dead letter that is put back arrives, once, and is dead no more."""
    bot.delivery.moods.append(Undeliverable("gone", 131026))
    await bot.hear("none")
    await bot.outbox.close()
    (letter,) = await desk.dead()
    assert CONTACT.sender not in letter.id + letter.conversation
    assert await desk.retry(letter, "staff:ani") == ""
    assert await desk.dead() == []
    await bot.sweeper.sweep()
    await bot.outbox.close()
    assert bot.delivery.sent == ["mau apa"]
    clock.move(hours=1)
    await bot.sweeper.sweep()
    assert bot.delivery.tried == 2


async def test_dies_again(bot: Bot, desk: OutboxDesk) -> None:
    """One that cannot be delivered again either is a dead letter of its own."""
    bot.delivery.moods.extend([Undeliverable("gone", 131026)] * 2)
    await bot.hear("none")
    await bot.outbox.close()
    (first,) = await desk.dead()
    await desk.retry(first, "staff:ani")
    await bot.sweeper.sweep()
    await bot.outbox.close()
    (second,) = await desk.dead()
    assert second.record["undelivered"]["item"] == "m-none/0~1"
    assert second.id != first.id


async def test_chosen(stores: Stores, bot: Bot, desk: OutboxDesk, clock: Clock) -> None:
    """By id, office or code; dropping closes it and keeps its record."""
    await bot.hear("none")
    await bot.outbox.close()
    stored = await bot.stored()
    for number, (office, code) in enumerate([("a", 1), ("a", 2), ("b", 2)]):
        there = replace(stored, contact=replace(stored.contact, office=office))
        item = Outgoing(f"x{number}/0", {"text": "Pagi"})
        await stores.conversations.copy_journal([dead_letter(there, item, code, "", clock())])
    first, second, third = await desk.dead()
    assert await desk.dead("a", 2) == [second]
    assert await desk.chosen([], "b") == [third]
    assert await desk.chosen([first.id, third.id]) == [first, third]
    with pytest.raises(Exception, match="no open dead letter nobody"):
        await desk.chosen(["nobody"])
    await desk.drop(second, "staff:ani")
    assert await desk.dead() == [first, third]
    records = await stores.conversations.transcript(CONTACT.conversation_id)
    dead = [each["undelivered"] for each in records if "undelivered" in each]
    settled = [each["settled"] for each in dead if "settled" in each]
    assert [(how["how"], how["by"]) for how in settled] == [("dropped", "staff:ani")]


@pytest.mark.parametrize(
    ("hours", "template", "sent"),
    [(23, None, True), (24, None, False), (24, Template("news", "id"), True)],
)
async def test_window(
    stores: Stores, bot: Bot, clock: Clock, hours: int, template: Template | None, *, sent: bool
) -> None:
    """Who has been silent for a day can only be sent a template."""
    whatsapp = replace(CONTACT, channel="whatsapp")
    await bot.hear("none", "m0", whatsapp)
    stored = await bot.stored(whatsapp)
    item = Outgoing("x/0", Reply("Pagi", template=template).as_document())
    await stores.conversations.copy_journal([dead_letter(stored, item, 1, "", clock())])
    clock.move(hours=hours)
    desk = OutboxDesk(stores, clock)
    (letter,) = await desk.dead()
    refusal = await desk.retry(letter, "staff:ani")
    assert (refusal == "") == sent
    assert (await desk.dead() == []) == sent


async def test_gone(stores: Stores, bot: Bot, desk: OutboxDesk) -> None:
    """Of a conversation that is gone nothing can be sent."""
    bot.delivery.moods.append(Undeliverable("gone", 131026))
    await bot.hear("none")
    await bot.outbox.close()
    stored = await bot.stored()
    await stores.conversations.forget(stored.conversation.id, stored.revision)
    (letter,) = await desk.dead()
    assert "nothing is kept" in await desk.retry(letter, "staff:ani")


def test_commands(stores: Stores, bot: Bot, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the command line: listed without personal data unless asked for, sent again, dropped."""

    @asynccontextmanager
    async def these(_: Settings) -> AsyncIterator[Stores]:
        yield stores

    async def fill() -> None:
        bot.delivery.moods.extend([Undeliverable("nobody there", 131026)] * 2)
        bot.delivery.moods.append(Stopped("expired", 190))
        for number in range(3):
            await bot.hear("none", "m0", person(number))
            await bot.outbox.close()

    def run(*words: str) -> str:
        result = CliRunner().invoke(cli, ["outbox", *words])
        assert result.exit_code == 0, result.output
        return result.output

    monkeypatch.setattr(app, "stored_stores", these)
    monkeypatch.setattr("bot.commands.outbox.system_clock", lambda: clock() + timedelta(minutes=5))
    asyncio.run(fill())
    told = run("list")
    assert "waiting: 1 messages in 1 conversations" in told
    assert "stopped: expired" in told
    assert "said 5 min ago" in told
    assert "dead letters: 2" in told
    assert "131026  nobody there" in told
    assert "62812" not in told
    assert "628120000002" in run("list", "--names")
    first = told.partition("dead letters: 2\n")[2].split()[0]
    assert run("drop", first) == f"{first}  dropped\n"
    assert "sent again" in run("retry", "--code", "131026")
    assert run("retry", "--all") == "no open dead letters\n"
    assert isinstance(CliRunner().invoke(cli, ["outbox", "drop"]).exception, Exception)
