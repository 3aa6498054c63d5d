"""Flows edited and published all year long."""

import gc
import sys
from collections.abc import Callable
from pathlib import Path

from bot.dialogue.versions import Publication, files_in
from bot.library import KEPT
from tests.support.house import House

FULL = 800
"""Reloads after which every cache with a bound has reached it."""
RELOADS = 1000
GROWTH = 50
"""Blocks of memory a reload may leave behind; a version that stays takes 460.

Counted by Python itself: what the system says a process holds depends on what else ran in it.
The store keeps every version and every message, which is five blocks a reload.
"""


async def test_memory_over_a_thousand_reloads(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Versions come and go, each with somebody who stays on it, and memory does not grow."""
    house = House.at(tmp_path)
    bot = house.bot()
    held = []
    for number in range(1, FULL + RELOADS + 1):
        house.edit(f"v{number}")
        files = files_in(house.folder, ("id",))
        await house.versions.add(Publication(number, f"v{number}", "staf", "", house.now), files)
        await bot.library.refresh()
        said = await house.says(bot, "ya", f"person {number % 12}")
        assert said in ([f"two v{number}"], [f"done v{number - 12}"], [f"done v{number}"])
        if number in (FULL, FULL + RELOADS):
            gc.collect()
            held.append(sys.getallocatedblocks())
    assert len(bot.library._older) <= KEPT
    growth = (held[1] - held[0]) / RELOADS
    record_property("blocks_left_by_a_reload", round(growth, 1))
    assert growth < GROWTH
