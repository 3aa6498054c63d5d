"""Which flows a conversation runs on, while they are edited and published under it."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import Bot
from bot.booking.days import OfficeDays
from bot.definitions import Definitions
from bot.dialogue.reply import Pdf, Reply
from bot.dialogue.versions import Publication, files_in
from bot.errors import FlowError, StorageUnavailable
from bot.publishing import roll_back
from storage.memory import MemoryVersions
from tests.support.house import OFFICES, TALK, House

OTHER = """\
flow: talk
initial: begin
misunderstood: {say: sorry}
states:
  begin: {ask: one, on: {approve: {go: over}}}
  over: {say: done, end: true}
"""
"""A flow with none of the other's states."""

CODE = """\
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

@action(outcomes=("here", "away"))
async def turn(doing: Doing) -> Outcome:
    return Outcome("here")
"""
"""A project's own action."""

MOVED = OTHER.replace("states:\n", "migrate: {states: {second: begin}}\nstates:\n")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A folder with the first version, nothing published."""
    return House.at(tmp_path)


class TestFolder:
    async def test_edit(self, house: House) -> None:
        """A saved file counts at once, for conversations under way too."""
        bot = house.bot()
        assert await house.says(bot, "ya") == ["two v1"]
        house.edit("v2")
        await bot.library.refresh()
        assert await house.says(bot, "apa") == ["sorry v2", "two v2"]
        assert await house.says(bot, "ya") == ["done v2"]

    async def test_live_within_a_second(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The folder is watched: nobody has to tell the bot."""
        bot, switched = house.bot(), asyncio.Event()
        switch = bot.library._switch_to

        def switch_and_tell(base: Definitions, days: Sequence[OfficeDays]) -> None:
            switch(base, days)
            switched.set()

        monkeypatch.setattr(bot.library, "_switch_to", switch_and_tell)
        watching = asyncio.create_task(bot.library.watch(timedelta(seconds=60)))
        house.edit("v2")
        await asyncio.wait_for(switched.wait(), 5)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        assert await house.says(bot, "ya") == ["two v2"]

    @pytest.mark.parametrize("broken", ["flow: talk\n", "states: [\n", TALK.replace("one", "onw")])
    async def test_a_mistake(self, house: House, broken: str) -> None:
        """An edit with a mistake is refused with its place, and what was valid serves on."""
        bot = house.bot()
        house.edit("v2", broken)
        with capture_logs() as logs:
            await bot.library.refresh()
            await bot.library.refresh()
        [refused] = logs
        assert refused["event"] == "flows_refused"
        assert re.search(r"talk\.yml:\d+:\d+: ", refused["findings"])
        assert await house.says(bot, "ya") == ["two v1"]
        house.edit("v3")
        await bot.library.refresh()
        assert await house.says(bot, "apa") == ["sorry v3", "two v3"]

    async def test_words_nobody_writes(self, house: House) -> None:
        """An edit that waits for an intent no message has is refused like any mistake; once an
        example of it stands in the training data, it counts.
        """
        training = house.folder / "training"
        training.mkdir()
        flows = house.settings.flows.model_copy(update={"training": training})
        house.settings = house.settings.model_copy(update={"flows": flows})
        bot = house.bot()
        house.edit("v2", TALK.replace("approve: {go: second}", "order_pizza: {go: second}"))
        with capture_logs() as logs:
            await bot.library.refresh()
        assert logs[0]["event"] == "flows_refused"
        assert re.search(r"talk\.yml:5:\d+: no intent 'order_pizza'", logs[0]["findings"])
        assert await house.says(bot, "ya") == ["two v1"]
        example = "nlu:\n  - intent: order_pizza\n    examples: |\n      - pesan pizza\n"
        (training / "nlu.yml").write_text(example, encoding="utf-8")
        await bot.library.refresh()
        assert bot.library.current.flows.version != logs[0]["serving"]

    async def test_code(self, house: House) -> None:
        """An edit of the project's own code counts as well, even one within the same second."""
        path = house.folder / "actions.py"
        path.write_text(CODE)
        flows = house.settings.flows.model_copy(update={"code": (path,)})
        house.settings = house.settings.model_copy(update={"flows": flows})
        asks = "approve: {do: turn}}, outcomes: {here: {go: second}, away: {go: last}}}"
        house.edit("v1", TALK.replace("approve: {go: second}}}", asks))
        bot = house.bot()
        assert await house.says(bot, "ya") == ["two v1"]
        path.write_text(CODE.replace('Outcome("here")', 'Outcome("away")'))
        await bot.library.refresh()
        assert await house.says(bot, "ya", "somebody else") == ["done v1"]
        path.write_text("1 / 0\n")
        with capture_logs() as logs:
            await bot.library.refresh()
        assert "actions.py:1:1: cannot be imported: ZeroDivisionError" in logs[0]["findings"]
        assert await house.says(bot, "ya", "a third") == ["done v1"]

    async def test_offices_are_live(self, house: House) -> None:
        """An edit of the offices counts whatever is published, and is checked in the same way."""
        await house.publish()
        bot = house.bot()
        await bot.library.refresh()
        path = house.folder / "offices.yml"
        path.write_text(OFFICES.replace("Kantor Contoh", "Kantor Baru"))
        await bot.library.refresh()
        assert [office.name for office in bot.offices] == ["Kantor Baru"]
        path.write_text(OFFICES.replace("flow: talk", "flow: walk"))
        with capture_logs() as logs:
            await bot.library.refresh()
        assert "offices.yml" in logs[0]["findings"]
        assert [office.flow for office in bot.offices] == ["talk"]


class TestPublished:
    async def test_pinned(self, house: House) -> None:
        """An episode ends on the version it began with; the next one begins on the new one."""
        await house.publish()
        bot = house.bot()
        assert await house.says(bot, "ya") == ["two v1"]
        house.edit("v2", OTHER)
        await house.publish()
        await bot.library.refresh()
        assert await house.says(bot, "apa") == ["sorry v1", "two v1"]
        assert await house.says(bot, "apa", "somebody new") == ["one v2"]
        assert await house.says(bot, "ya") == ["done v1"]
        assert await house.says(bot, "ya") == ["done v2"]

    async def test_the_folder_no_longer_counts(self, house: House) -> None:
        """Once something is published, an edit of the flows waits until it is published too."""
        await house.publish()
        bot = house.bot()
        house.edit("v2")
        await bot.library.refresh()
        assert await house.says(bot, "ya") == ["two v1"]

    async def test_processes_agree(self, house: House) -> None:
        """Each bot has switched after one look, with whatever folder it began."""
        await house.publish()
        bots = [house.bot(), house.bot()]
        house.edit("v2")
        bots.append(house.bot())
        done = await house.publish()
        for bot in bots:
            await bot.library.refresh()
        assert {bot.library.current.flows.version for bot in bots} == {done.version}

    async def test_a_version_this_process_never_saw(self, house: House) -> None:
        """It is read from the database: an older one, or one that is newer than the last look."""
        await house.publish()
        old = house.bot()
        await old.library.refresh()
        await house.says(old, "ya", "first")
        house.edit("v2", OTHER)
        await house.publish()
        new = house.bot()
        await new.library.refresh()
        assert await house.says(new, "ya", "first") == ["done v1"]
        assert await house.says(new, "apa", "second") == ["one v2"]
        assert await house.says(old, "ya", "second") == ["done v2"]

    async def test_a_timer(self, house: House) -> None:
        """It rings on the version it was set by."""
        await house.publish()
        bot = house.bot()
        await house.says(bot, "ya")
        house.edit("v2", OTHER)
        await house.publish()
        await bot.library.refresh()
        assert await house.wait(bot, minutes=11) == ["late v1", "one v1"]
        assert await house.wait(bot, minutes=11) == []

    async def test_starting_over(self, house: House) -> None:
        """Who starts over says goodbye on the old version and begins on the new one."""
        again = "second:\n    ask: two\n    on: {restart: {say: late, restart: true}, "
        first = TALK.replace("second:\n    ask: two\n    on: {", again)
        house.edit("v1", first)
        await house.publish()
        bot = house.bot()
        assert await house.says(bot, "ya") == ["two v1"]
        house.edit("v2", OTHER)
        await house.publish()
        await bot.library.refresh()
        assert await house.says(bot, "#ulang") == ["late v1", "one v2"]
        assert (await house.stored()).conversation.version == bot.library.current.flows.version
        assert await house.says(bot, "ya") == ["done v2"]

    async def test_back(self, house: House) -> None:
        """Going back publishes the older version again."""
        await house.publish()
        house.edit("v2")
        await house.publish()
        bot = house.bot()
        await bot.library.refresh()
        flows = house.settings.flows
        await roll_back(house.versions, flows, "1", author="staf", note="", now=house.now)
        await bot.library.refresh()
        assert await house.says(bot, "ya") == ["two v1"]

    async def test_unusable_here(self, house: House) -> None:
        """A publication that this process cannot use is refused; it serves on what it has."""
        await house.publish()
        bot = house.bot()
        await bot.library.refresh()
        files = {"talk.yml": TALK.replace("approve: {go: last}", "approve: {do: something_new}")}
        await house.versions.add(Publication(2, "f00", "staf", "", house.now), files)
        with capture_logs() as logs:
            await bot.library.refresh()
        assert [(each["event"], each["alarm"]) for each in logs] == [("flows_refused", True)]
        assert await house.says(bot, "ya") == ["two v1"]

    async def test_what_a_stricter_check_would_refuse(self, house: House) -> None:
        """What was published by an older program counts, with states that lead nowhere too."""
        (house.folder / "talk.yml").write_text(TALK + "  lonely: {ask: one}\n")
        files = files_in(house.folder, ("id",))
        await house.versions.add(Publication(1, "f00", "staf", "", house.now), files)
        house.edit("v2")
        bot = house.bot()
        await bot.library.refresh()
        assert await house.says(bot, "ya") == ["two v1"]
        (house.folder / "talk.yml").write_text(files["talk.yml"])
        with pytest.raises(FlowError, match="lonely"):
            await house.publish()


class TestGone:
    """The version is not to be had any more: nothing published, or the database lost it."""

    async def begin(self, house: House) -> Bot:
        """A conversation that waits for its second answer, and a bot that may not know it."""
        await house.publish()
        await house.says(house.bot(), "ya")
        house.versions = MemoryVersions()
        return house.bot()

    async def test_by_name(self, house: House) -> None:
        """A place that is still there is kept."""
        await self.begin(house)
        house.edit("v2", TALK.replace("10 minutes", "9 minutes"))
        bot = house.bot()
        assert await house.says(bot, "ya") == ["done v2"]

    async def test_by_migrate(self, house: House) -> None:
        """`migrate:` tells where the others go on."""
        await self.begin(house)
        house.edit("v2", MOVED)
        assert await house.says(house.bot(), "apa") == ["sorry v2", "one v2"]
        assert (await house.stored()).conversation.frame.state == "begin"

    async def test_restarted(self, house: House) -> None:
        """Where nothing tells, the conversation begins again, says so, and keeps what it knows."""
        await self.begin(house)
        house.edit("v2", OTHER)
        bot = house.bot()
        assert await house.says(bot, "ya") == ["restarted v2", "done v2"]

    async def test_a_timer(self, house: House) -> None:
        """A timer of a place that is gone is silent; the next message begins again."""
        await self.begin(house)
        house.edit("v2", OTHER)
        bot = house.bot()
        assert await house.wait(bot, minutes=11) == []
        assert (await house.stored()).conversation.timer is None
        assert await house.says(bot, "apa") == ["restarted v2", "one v2"]

    async def test_a_timer_that_moves_along(self, house: House) -> None:
        """It rings as the new version says."""
        await self.begin(house)
        house.edit("v2")
        assert await house.wait(house.bot(), minutes=11) == ["late v2", "one v2"]


FIRST, SECOND = b"\x89PNG\r\n\x1a\none", b"\xff\xd8\xfftwo"


class TestPictures:
    async def test_edit(self, house: House) -> None:
        """A picture that is put in, changed or taken away counts like any save; who was shown the
        one before can still look at it.
        """
        house.show(FIRST)
        bot = house.bot()
        await bot.library.refresh()
        await house.says(bot, "ya")
        assert await house.shown() == FIRST
        house.show(SECOND)
        await bot.library.refresh()
        await house.says(bot, "apa")
        assert await house.shown() == SECOND
        assert await house.versions.picture(sha256(FIRST).hexdigest()) == FIRST
        (house.folder / "pictures" / "sign.png").unlink()
        with capture_logs() as logs:
            await bot.library.refresh()
        assert logs[0]["event"] == "flows_refused"
        assert re.search(r"id\.yml:4:\d+: no picture 'sign\.png'", logs[0]["findings"])
        await house.says(bot, "apa")
        assert await house.shown() == SECOND

    async def test_document(self, house: House) -> None:
        """So does a document: a process that never had the file brings what was published."""
        house.edit("v1")
        path = house.folder / "replies" / "id.yml"
        path.write_text(path.read_text().replace("two: two v1", "two: {text: t, document: a.pdf}"))
        (house.folder / "documents").mkdir()
        form = house.folder / "documents" / "a.pdf"
        form.write_bytes(b"%PDF-1")
        bot = house.bot()
        await bot.library.refresh()
        form.write_bytes(b"%PDF-1.7")
        await bot.library.refresh()
        await house.publish()
        form.unlink()
        house.edit("v9")  # the folder is behind
        other = house.bot()
        await other.library.refresh()
        await house.says(other, "ya", "first")
        conversation = house.contact("first").conversation_id
        [record] = await house.stores.conversations.transcript(conversation)
        document = Reply.from_document(record["replies"][-1]).document
        assert document == Pdf("a.pdf", sha256(b"%PDF-1.7").hexdigest())
        for content in (b"%PDF-1", b"%PDF-1.7"):
            assert await house.versions.picture(sha256(content).hexdigest()) == content

    async def test_published(self, house: House) -> None:
        """Another process shows what was published without having the file; who is in the middle
        stays with the picture they began with, and going back shows it again.
        """
        house.show(FIRST)
        first = await house.publish()
        bot = house.bot()
        await bot.library.refresh()
        assert await house.says(bot, "ya", "first") == ["two v1"]
        house.show(SECOND)
        await house.publish()
        (house.folder / "pictures" / "sign.png").unlink()
        house.edit("v9")  # the folder is behind; only its offices count
        other = house.bot()
        await other.library.refresh()
        assert await house.says(other, "apa", "first") == ["sorry v1", "two v1"]
        assert await house.shown("first") == FIRST
        assert await house.says(other, "ya", "second") == ["two v1"]
        assert await house.shown("second") == SECOND
        flows = house.settings.flows
        done = await roll_back(house.versions, flows, "1", author="staf", note="", now=house.now)
        assert done.version == first.version
        await other.library.refresh()
        await house.says(other, "ya", "third")
        assert await house.shown("third") == FIRST
        assert (await house.stored("third")).conversation.version == first.version

    async def test_the_folder_is_what_was_published(self, house: House) -> None:
        """A version has one hash, with its pictures in the folder or in the database."""
        house.show(FIRST)
        done = await house.publish()
        assert house.bot().library.current.flows.version == done.version

    async def test_kept_before_it_is_shown(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While a picture cannot be kept, the bot stays on what it has, and tries again."""
        bot = house.bot()
        house.show(FIRST)

        async def down(*_: object) -> None:
            raise StorageUnavailable("gone fishing")

        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(house.versions, "keep_picture", down)
            with pytest.raises(StorageUnavailable):
                await bot.library.refresh()
        await house.says(bot, "ya")
        assert await house.shown() is None
        await bot.library.refresh()
        await house.says(bot, "apa")
        assert await house.shown() == FIRST
