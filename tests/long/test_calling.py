"""Two processes press "next" at once, five hundred times, on one database."""

import asyncio
import sys

from storage.driver import open_database
from storage.stores import stores_in
from tests.long.waiting_room import BOOKED, BY_HAND, NOONS, fill


async def test_nobody_is_called_twice_and_nobody_is_left_out(
    embedded_mongo: str, database_name: str
) -> None:
    """Of five hundred who wait each is called once, by one of the two."""
    database = open_database(embedded_mongo, database_name)
    await stores_in(database)
    await fill(database)
    command = [sys.executable, "-m", "tests.long.pressing", embedded_mongo, database_name]
    pipe = asyncio.subprocess.PIPE
    counters = [
        await asyncio.create_subprocess_exec(*command, counter, stdin=pipe, stdout=pipe)
        for counter in ("1", "1001")
    ]
    for counter in counters:
        assert counter.stdout
        assert await counter.stdout.readline() == b"ready\n"
    told = await asyncio.gather(*(counter.communicate(b"\n") for counter in counters))
    called = [out.decode().split() for out, _ in told]
    labels = [f"{n}" for n in range(1, BOOKED + 1)] + [f"L{n}" for n in range(1, BY_HAND + 1)]
    everybody = [f"{noon.day}:{label}" for noon in NOONS for label in labels]
    assert sorted(called[0] + called[1]) == sorted(everybody)
    assert min(len(each) for each in called) > len(everybody) // 5, "they did not press at once"
    assert [counter.returncode for counter in counters] == [0, 0]
    await database.close()
