"""A quota opens, and far more people than seats write at that very moment."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.booking.seats import SeatState
from bot.channels.rest import PATH
from bot.settings import Flows, Settings
from storage.driver import Database
from storage.mongo import MongoSeats
from tests.end_to_end.conftest import House as Processes
from tests.support.applicant import fictional_name
from tests.support.house import House
from tests.support.one_day import OFFICE, flows_of_one_day

DAY = date(2026, 12, 2)
OPENS_AT = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
"""Friday 14.00 in Jakarta, for the week of the Wednesday ``DAY``."""

CARD = re.compile(r"Kode booking: \*(\S+)\*")
CODE = re.compile(r"\*(\d{8})\*")

Tells = Callable[[str], None]


@pytest.fixture
def tells(capsys: pytest.CaptureFixture[str]) -> Tells:
    """Prints a figure past the capturing of output."""

    def tell(figure: str) -> None:
        with capsys.disabled():
            print(f"\n  {figure}")  # noqa: T201 - a figure for whoever runs it

    return tell


def told(seconds: list[float], lasted: float) -> str:
    """Figures of a rush, of the seconds each waited for all answers of theirs."""
    waits = sorted(seconds)
    return (
        f"{len(waits)} applicants, {len(waits) / lasted:.0f}/s, over after {lasted:.1f} s;"
        f" one waits {waits[len(waits) // 2]:.1f} s at the median, {waits[-1]:.1f} s at most"
    )


async def test_three_thousand_in_one_process(tmp_path: Path, tells: Tells) -> None:
    """Before the moment all hear when it is; at it, 384 of 3,000 get a seat of their own, the
    others hear that it is full; two bots on one storage in memory.
    """
    opens = 'opens: {weekday: friday, at: "14:00", days: next_week}'
    folder = flows_of_one_day(tmp_path / "flows", DAY, {"pagi": 256, "siang": 128}, opens)
    house = House(folder, Settings(flows=Flows(folder=folder)))
    house.now = OPENS_AT - timedelta(minutes=1)
    bots = [house.bot(), house.bot()]
    waited: list[float] = []

    async def says(number: int, words: str) -> str:
        """All that is answered; there is an answer."""
        await asyncio.sleep(0)  # nobody waits for storage here: let others come between
        began = time.perf_counter()
        sender = f"62812{number:08}"
        answers = await house.says(bots[number % 2], words, sender, OFFICE)
        waited[number] += time.perf_counter() - began
        assert answers, f"{words} is answered with nothing"
        return "\n".join(answers)

    async def comes_early(number: int) -> str:
        return await says(number, "#tgllayanan")

    async def applies(number: int) -> str:
        birth_date = date(1980, 1, 1) + timedelta(days=number)
        form = f"#{fictional_name(number)}#{birth_date:%d%m%Y}#{DAY:%d%m%Y}"
        answer = await says(number, form)
        code = CODE.search(answer)
        return await says(number, code[1]) if code else answer

    people = range(3000)
    waited.extend(0.0 for _ in people)
    early = await asyncio.gather(*map(comes_early, people))
    assert all("27 November 2026 pukul 14.00" in answer for answer in early)

    house.now = OPENS_AT
    waited[:] = [0.0] * len(people)
    began = time.perf_counter()
    answers = await asyncio.gather(*map(applies, people))
    tells(told(waited, time.perf_counter() - began))

    codes = [found[1] for answer in answers if (found := CARD.search(answer))]
    assert len(codes) == len(set(codes)) == 384
    assert sum("sudah penuh" in answer for answer in answers) == len(people) - 384
    seats = await house.stores.seats.of_day(OFFICE, DAY)
    assert {seat.booking_code for seat in seats} == set(codes)
    assert sorted(seat.number for seat in seats) == list(range(1, 385))


async def test_three_hundred_over_rest(
    on_mongo: Processes, session: ClientSession, database: Database, tmp_path: Path, tells: Tells
) -> None:
    """Two processes with REST on the embedded database, a hundred seats: each goes to somebody."""
    day = datetime.now(UTC).date() + timedelta(days=3)
    flows = flows_of_one_day(tmp_path / "flows", day, {"pagi": 60, "siang": 40})
    on_mongo.variables |= {
        "ANTRE_FLOWS_FOLDER": str(flows),
        "ANTRE_REST_ENABLED": "true",
        "ANTRE_REST_TOKEN": (token := "a-token-of-thirty-two-characters"),
        "ANTRE_OUTBOX_LEASE_SECONDS": "45",  # nobody dies here
    }
    services = [await on_mongo.serve() for _ in range(2)]
    waited = [0.0] * 300

    async def says(number: int, nth: int, words: str) -> str:
        service = services[number % 2]
        body = {
            "sender": f"pemohon{number}",
            "metadata": {"office": OFFICE},
            "message": words,
            "message_id": f"m{nth}",
        }
        began = time.perf_counter()
        async with session.post(
            service.url + PATH, json=body, headers={"Authorization": f"Bearer {token}"}
        ) as response:
            assert response.status == 200, await response.text()
            answers: list[dict[str, Any]] = await response.json()
        waited[number] += time.perf_counter() - began
        assert answers, f"{words} is answered with nothing"
        return "\n".join(answer["text"] for answer in answers)

    async def applies(number: int) -> str:
        birth_date = date(1980, 1, 1) + timedelta(days=number)
        form = f"#{fictional_name(number)}#{birth_date:%d%m%Y}#{day:%d%m%Y}"
        answer = await says(number, 1, form)
        code = CODE.search(answer)
        return await says(number, 2, code[1]) if code else answer

    began = time.perf_counter()
    answers = await asyncio.gather(*map(applies, range(300)))
    tells(told(waited, time.perf_counter() - began))

    codes = [found[1] for answer in answers if (found := CARD.search(answer))]
    assert len(codes) == len(set(codes)) == 100
    assert sum("sudah penuh" in answer for answer in answers) == 200
    seats = await MongoSeats(database).of_day(OFFICE, day)
    assert [seat.state for seat in seats] == [SeatState.BOOKED] * 100
    assert {seat.booking_code for seat in seats} == set(codes)
