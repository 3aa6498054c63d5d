"""Thousands of turns of hundreds of people: the bot's memory stays where it was."""

import asyncio
import sys
from collections.abc import Callable, Iterator

from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant

PEOPLE = 700
AT_ONCE = 8
SETTLED_AFTER = 200
"""People until caches are full and pools are open."""

GROWTH_MB = 10
LIMIT_MB = 200


async def test_memory_stays_flat(on_mongo: House, applicant: Callable[..., Applicant]) -> None:
    """2,800 turns, a conversation for every four: nothing of them stays in the process."""
    on_mongo.variables["ANTRE_OUTBOX_LEASE_SECONDS"] = "45"
    service = await on_mongo.serve()
    numbers = iter(range(PEOPLE))
    sizes: list[float] = []

    async def talk(some: Iterator[int]) -> None:
        for number in some:
            person = applicant(lambda: service.url, sender=f"62812000{number:05d}")
            await person.say("Pagi, Pak")
            await person.say("#tgllayanan")
            await person.say("#BUDI#31021990#24112026")
            await person.say("#bantuan")
            await person.hears("Bantuan", seconds=60)
            if number % 100 == 99:
                sizes.append(service.resident_mb)

    await asyncio.gather(*(talk(numbers) for _ in range(AT_ONCE)))
    settled = sizes[SETTLED_AFTER // 100 - 1]
    sys.stdout.write(f"resident MB after every 100 people: {sizes}\n")
    assert max(sizes) < LIMIT_MB, sizes
    assert sizes[-1] - settled < GROWTH_MB, sizes
