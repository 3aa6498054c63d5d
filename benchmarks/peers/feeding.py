"""Bookings of many people with a bot in process; what a message costs in processor time."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

Feed = Callable[[int, str], Awaitable[Callable[[], Awaitable[Any]]]]
"""Makes an update of somebody's message; what it returns hands it to the framework."""

WARMING = 50
"""People before those who count."""


async def measured(feed: Feed, last: dict[Any, str], people: int) -> float:
    """Messages a second of processor time, one after the other.

    Args:
        last: what was said to each person since it was last taken out.
    """
    for person in range(1, WARMING + 1):
        await booking(feed, last, person)
    took = sum([await booking(feed, last, 1000 + person) for person in range(people)])
    return 4 * people / took


async def booking(feed: Feed, last: dict[Any, str], person: int) -> float:
    """One person's four messages; seconds of processor time spent in the framework.

    Raises:
        RuntimeError: it was not booked.
    """
    took, said = 0.0, ""
    for step in ("hello", "dates", "identity", "code"):
        text = _text(step, said, person)
        hand_over = await feed(person, text)
        began = time.process_time()
        await hand_over()
        took += time.process_time() - began
        said = last.pop(person, "")
    if "Nomor antrean" not in said:
        raise RuntimeError(said)
    return took


def _text(step: str, said: str, person: int) -> str:
    if step == "identity":
        [day] = re.findall(r"#BUDI#25011987#(\d{8})", said)
        return f"#{letters(person)}#17081990#{day}"
    if step == "code":
        return str(re.findall(r"\*(\d{8})\*", said)[0])
    return {"hello": "Pagi, Pak", "dates": "#tgllayanan"}[step]


def letters(number: int) -> str:
    """A number in letters, since names have no digits."""
    digits = [(number // 20**place) % 20 for place in range(4)]
    return "Pemohon " + "".join("bcdfghjklmnprstvwxyz"[digit] + "a" for digit in digits)
