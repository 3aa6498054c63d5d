"""A counter in a process of its own that presses "next" until nobody waits any more.

Started by :mod:`tests.long.test_calling`: ``python -m tests.long.pressing URI DATABASE COUNTER``;
it prints whom it called.
"""

from __future__ import annotations

import asyncio
import sys

from bot.booking.calling import Calls
from bot.booking.hall import Hall
from bot.booking.life import Act, staff
from bot.booking.office import Offices
from bot.booking.queue import Queue
from bot.booking.seats import Seat
from storage.driver import open_database
from storage.stores import stores_in
from tests.long.waiting_room import NOONS, office


async def main(uri: str, name: str, counter: int) -> None:
    """Call one after the other from the moment the parent says so, each to a counter of its own:
    nobody has to be served in between.
    """
    database = open_database(uri, name)
    stores, here = await stores_in(database), office()
    calls = Calls(stores.seats, stores.calls, stores.notices)
    hall = Hall(Queue(Offices([here]), stores.seats), calls, stores.calls, here)
    by, pressed = staff(f"loket{counter}"), 0
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    for noon in NOONS:
        while True:
            act = Act(f"{by} {pressed}", by)
            seat = await hall.next(counter + pressed, act, noon)
            if not isinstance(seat, Seat):
                break
            _say(f"{seat.day.day}:{seat.label}")
            pressed += 1
    await database.close()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
