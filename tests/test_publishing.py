"""Publishing: checked first, kept with who and why, listed, compared, taken back."""

import asyncio
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import stored_stores
from bot.console import Console
from bot.dialogue.versions import Publication
from bot.errors import AntreError, FlowError
from bot.publishing import difference, open_conversations, roll_back, version_named
from bot.rehearsing.gate import replayed
from bot.serving import difference_here, publish_here, roll_back_here, versions_here
from bot.settings import REPLAYED
from storage.memory import MemoryVersions
from tests.support.house import TALK, House
from tests.support.talk import NOW


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A folder with the first version, nothing published."""
    return House.at(tmp_path)


async def test_published(house: House) -> None:
    """Who, why and when are kept; the version is the hash of what was published."""
    done = await house.publish("more polite")
    assert done == Publication(1, done.version, "staf", "more polite", NOW)
    house.edit("v2")
    assert (await house.publish()).number == 2
    house.edit("v1")
    assert (await house.publish()).version == done.version


async def test_mistakes(house: House) -> None:
    """What has mistakes is not published; they are named as in a check."""
    house.edit("v1", TALK.replace("say: late", "say: lte"))
    with pytest.raises(FlowError, match=r"talk\.yml:\d+:\d+: no reply 'lte'"):
        await house.publish()
    assert await house.versions.history() == []


async def test_nothing_new(house: House) -> None:
    """What is published already is not published again."""
    await house.publish()
    with pytest.raises(AntreError, match="which is published"):
        await house.publish()


class Hesitant(MemoryVersions):
    """Whoever looks here may find, once they act, that somebody was quicker."""

    async def newest(self, after: int = 0) -> Publication | None:
        """Look, and hesitate."""
        found = await super().newest(after)
        await asyncio.sleep(0)
        return found


async def test_at_once(tmp_path: Path) -> None:
    """Two who publish at the same time both do, one after the other."""
    versions, houses = Hesitant(), []
    for name in "ab":
        (tmp_path / name).mkdir()
        houses.append(House.at(tmp_path / name))
        houses[-1].versions = versions
        houses[-1].edit(name)
    await asyncio.gather(*(house.publish(house.folder.name) for house in houses))
    assert [each.number for each in await versions.history()] == [2, 1]
    assert {each.note for each in await versions.history()} == {"a", "b"}


async def test_rolled_back(house: House) -> None:
    """An older version is published again, under a number of its own."""
    flows, versions = house.settings.flows, house.versions
    first = await house.publish()
    house.edit("v2")
    await house.publish()
    done = await roll_back(versions, flows, "1", author="kepala", note="oops", now=NOW)
    assert done == Publication(3, first.version, "kepala", "oops", NOW)
    with pytest.raises(AntreError, match="is what is published"):
        await roll_back(versions, flows, "3", author="kepala", note="", now=NOW)


async def test_rolled_back_to_what_no_longer_fits(house: House) -> None:
    """A version whose flows the offices of today do not know is not published again."""
    await house.publish()
    (house.folder / "talk.yml").rename(house.folder / "walk.yml")
    (house.folder / "walk.yml").write_text(TALK.replace("flow: talk", "flow: walk"))
    offices = house.folder / "offices.yml"
    offices.write_text(offices.read_text().replace("flow: talk", "flow: walk"))
    await house.publish()
    with pytest.raises(FlowError, match="no flow 'walk'"):
        await roll_back(house.versions, house.settings.flows, "1", author="staf", note="", now=NOW)


async def test_difference(house: House) -> None:
    """Versions are compared line by line, the last one also with the folder."""
    flows, versions = house.settings.flows, house.versions
    await house.publish()
    house.edit("v2")
    lines = (await difference(versions, flows, "1", None)).splitlines()
    assert "-one: one v1" in lines
    assert "+one: one v2" in lines
    await house.publish()
    assert await difference(versions, flows, "2", None) == ""
    assert "+one: one v1" in await difference(versions, flows, "2", "1")


async def test_difference_of_pictures(house: House) -> None:
    """A picture that changed is a line: its hash, what it is, and how large."""
    flows, versions = house.settings.flows, house.versions
    house.show(b"\x89PNG\r\n\x1a\none")
    await house.publish()
    house.show(b"\xff\xd8\xfftwo")
    lines = (await difference(versions, flows, "1", None)).splitlines()
    changed = [line for line in lines if "sha256:" in line]
    assert [line[0] for line in changed] == ["-", "+"]
    assert changed[0].endswith(" image/png 11 bytes")
    assert changed[1].endswith(" image/jpeg 6 bytes")
    await house.publish()
    assert await difference(versions, flows, "2", None) == ""


def test_names() -> None:
    """A version is meant by a publication's number or by its beginning; else one is told why."""
    one = Publication(1, "abc123", "staf", "", NOW)
    history = [replace(one, number=3), replace(one, number=2, version="abd456"), one]
    assert version_named(history, "2") == "abd456"
    assert version_named(history, "abc") == "abc123"
    with pytest.raises(AntreError, match="may be abc123 or abd456"):
        version_named(history, "ab")
    with pytest.raises(AntreError, match="nobody published 'abd457'; did you mean 'abd456'"):
        version_named(history, "abd457")


async def test_open_conversations(house: House) -> None:
    """Those in the middle of an episode count, those at its end do not."""
    first = await house.publish()
    bot = house.bot()
    for sender, words in (("a", 1), ("b", 1), ("c", 2)):
        for _ in range(words):
            await house.says(bot, "ya", sender)
    standing = await house.stores.conversations.standing()
    counted = await open_conversations(house.versions, standing)
    assert counted == {first.version: 2}


async def test_commands(house: House, embedded_mongo: str, database_name: str) -> None:
    """What the commands say, on a database of their own."""
    secrets = house.settings.secrets.model_copy(update={"mongodb_uri": SecretStr(embedded_mongo)})
    storage = house.settings.storage.model_copy(update={"database": database_name})
    settings = house.settings.model_copy(update={"secrets": secrets, "storage": storage})
    assert await versions_here(settings) == ["nothing is published; the folder is served"]
    assert "published as number 1" in await publish_here(settings, "staf", "the first")
    house.edit("v2")
    assert "+one: one v2" in await difference_here(settings, "1", None)
    await publish_here(settings, "staf", "the second")
    assert "as number 3" in await roll_back_here(settings, "1", "kepala", "back")
    lines = await versions_here(settings)
    assert [line[0] for line in lines] == ["*", " ", " "]
    assert [line.split()[-1] for line in lines] == ["back", "second", "first"]


RECORDED = """\
title: Somebody agrees twice
now: 2026-11-23T09:00+07:00
office: contoh
contact: {channel: rest, sender: me}
turns:
- {user: ya, bot: two v1}
- {user: ya, bot: done v1}
"""


async def test_replayed_first(house: House, embedded_mongo: str, database_name: str) -> None:
    """What recordings and conversations that took place do not agree with is not published, and
    told, but for who forces it: the history says against what.
    """
    secrets = house.settings.secrets.model_copy(update={"mongodb_uri": SecretStr(embedded_mongo)})
    storage = house.settings.storage.model_copy(update={"database": database_name})
    recordings = house.folder / "recordings"
    recordings.mkdir()
    (recordings / "ya.yml").write_text(RECORDED)
    settings = house.settings.model_copy(
        update={
            "secrets": secrets,
            "storage": storage,
            "flows": house.settings.flows.model_copy(
                update={"recordings": recordings, "training": house.folder / "none"}
            ),
        }
    )
    async with stored_stores(settings) as stores:
        house.stores = stores
        for _ in range(2):
            await house.says(house.bot(), "ya")
    out = Console(file=StringIO(), width=110)
    agreed = await replayed(settings, REPLAYED, out, house.now)
    assert (agreed.objections, agreed.allow(force=False)) == ([], "")
    await publish_here(settings, "staf", "the first", replayed=agreed.version)
    house.edit("v2")
    with pytest.raises(AntreError, match="edited while it was replayed"):
        await publish_here(settings, "staf", "too late", replayed=agreed.version)
    found = await replayed(settings, REPLAYED, out, house.now)
    assert found.objections == ["1 of 1 recordings differ", "1 of 1 conversations would change"]
    with pytest.raises(AntreError, match="not published: 1 of 1 recordings differ; 1 of 1"):
        found.allow(force=False)
    forced = found.allow(force=True)
    await publish_here(settings, "staf", "on purpose", None, found.version, forced)
    assert (await versions_here(settings))[0].endswith(f"on purpose  (forced: {forced})")
