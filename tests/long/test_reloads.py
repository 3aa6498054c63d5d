"""Flows edited and published all year long."""

import gc
import resource
from collections.abc import Callable
from pathlib import Path

from bot.dialogue.versions import Publication, files_in
from bot.library import KEPT
from tests.support.house import House


def resident_bytes() -> int:
    """Memory this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


RELOADS = 1000
GROWTH_BYTES = 8 * 2**20
"""A machine class that stays behind takes about 98 KiB: a leak would be ten times this."""


async def test_memory_over_a_thousand_reloads(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Versions come and go, each with somebody who stays on it, and memory does not grow."""
    house = House.at(tmp_path)
    bot = house.bot()
    held = []
    for number in range(1, RELOADS + 201):
        house.edit(f"v{number}")
        files = files_in(house.folder, ("id",))
        await house.versions.add(Publication(number, f"v{number}", "staf", "", house.now), files)
        await bot.library.refresh()
        said = await house.says(bot, "ya", f"person {number % 12}")
        assert said in ([f"two v{number}"], [f"done v{number - 12}"], [f"done v{number}"])
        if number in (200, RELOADS + 200):
            gc.collect()
            held.append(resident_bytes())
    assert len(bot.library._older) <= KEPT
    record_property("growth_mb", round((held[1] - held[0]) / 2**20, 1))
    assert held[1] - held[0] < GROWTH_BYTES
