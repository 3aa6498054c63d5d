"""How many conversations are open on which version, counted beside the page."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from bot.dialogue.store import Standing
from bot.drafting.open_count import FRESH, OpenCount
from bot.errors import StorageUnavailable
from tests.support.house import House


async def test_who_is_in_the_middle_of_something_is_counted(tmp_path: Path) -> None:
    """By the version they began with; who has come to an end is not."""
    project = House.at(tmp_path)
    first = await project.publish()
    bot = project.bot()
    for sender in ("one", "two"):
        await project.says(bot, "halo", sender)
    for _ in range(2):
        await project.says(bot, "ya", "two")
    project.edit("v2")
    second = await project.publish()
    await bot.library.refresh()
    await project.says(bot, "halo", "three")
    open_on = OpenCount(
        project.versions, project.stores.conversations.standing, lambda: project.now
    )
    counted = await open_on.known(patience=5)
    assert counted
    assert counted.by_version == {first.version: 1, second.version: 1}


async def test_a_count_is_remembered_and_made_anew(tmp_path: Path) -> None:
    """Nobody waits for a slow one; a failed one is made again, and the last is shown meanwhile."""
    project = House.at(tmp_path)
    asked, goes_on = 0, asyncio.Event()

    async def standing() -> Mapping[Standing, int]:
        nonlocal asked
        asked += 1
        await goes_on.wait()
        if asked == 2:
            raise StorageUnavailable("down")
        return {Standing("aaa", (("talk", "first"),)): asked}

    open_on = OpenCount(project.versions, standing, lambda: project.now)
    assert await open_on.known(patience=0) is None
    assert await open_on.known(patience=0) is None
    goes_on.set()
    counted = await open_on.known(patience=5)
    assert counted
    assert counted.by_version == {"aaa": 1}
    assert await open_on.known() is counted
    project.now += FRESH + timedelta(seconds=1)
    assert await open_on.known(patience=5) is counted
    newer = await open_on.known(patience=5)
    assert newer
    assert (newer.by_version, asked) == ({"aaa": 3}, 3)
