"""An edit published under two hundred conversations, at every place they can be."""

import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.app import Bot
from bot.booking.seats import Seat, SeatState
from bot.publishing import open_conversations
from bot.settings import Flows, Settings
from storage.memory import MemoryVersions
from tests.support.house import House

FLOWS = Path(__file__).parents[1] / "flows"
OFFICE = "jakarta_pusat"
PEOPLE = 200

SCRIPTS = (
    ("halo", "daftar", "1", "Budi Contoh", "25-01-1987", "KODE"),
    ("#tgllayanan", "#Sari Contoh#03041992#25112026", "KODE"),
    ("mau daftar", "tanggal 25", "Joko Contoh 01-02-1980", "setuju"),
    ("#Ani Contoh#03041992", "2", "#batal", "#tgllayanan", "1", "#Ani Contoh#03041992", "KODE"),
    ("daftar", "asdf", "1", "#Rina Contoh#07071977", "asdf", "KODE"),
)
"""What people write, from the beginning to a booking; ``KODE`` is the code they were sent."""

ONCE_MORE = ("#tgllayanan", "1", "#Lain Contoh#05051955", "KODE")

CUTS = [(script, at) for script in SCRIPTS for at in range(len(script) + 1)]
MIGRATE = "migrate: {states: {confirming: agreeing, identifying: presenting}}\nstates:\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The shipped flows, published."""
    folder = Path(shutil.copytree(FLOWS, tmp_path / "flows"))
    return House(folder, Settings(flows=Flows(folder=folder)))


class People:
    """Two hundred, each somewhere in their script."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.cuts = {f"62812{n:08}": CUTS[n % len(CUTS)] for n in range(PEOPLE)}
        self.heard: Counter[str] = Counter()

    async def write(self, bot: Bot, sender: str, script: tuple[str, ...]) -> None:
        """Write lines; no two people have the same name."""
        own = "Contoh" + "".join(chr(97 + int(digit)) for digit in sender[-3:])
        for line in script:
            words = line.replace("Contoh", own)
            if line == "KODE":
                slots = (await self.house.stored(sender, OFFICE)).conversation.slots
                words = slots.get("approval_code") or "tidak ada"
            for text in await self.house.says(bot, words, sender, OFFICE):
                self.heard[text] += 1

    async def begin(self, bot: Bot) -> None:
        """Everybody writes up to where the edit comes."""
        for sender, (script, at) in self.cuts.items():
            await self.write(bot, sender, script[:at])

    async def go_on(self, bot: Bot) -> None:
        """Everybody writes the rest."""
        for sender, (script, at) in self.cuts.items():
            await self.write(bot, sender, script[at:])

    async def unbooked(self) -> list[str]:
        """Those who have no booking; nobody has two."""
        booked = Counter(
            seat.claim.applicant.sender
            for seat in await self.seats()
            if seat.claim and seat.state is SeatState.BOOKED
        )
        assert set(booked.values()) <= {1}
        return [sender for sender in self.cuts if f"rest:{sender}" not in booked]

    async def seats(self) -> list[Seat]:
        """Seats that are not free."""
        days = [date(2026, 11, day) for day in (24, 25, 26)]
        seats = [seat for day in days for seat in await self.house.stores.seats.of_day(OFFICE, day)]
        return [seat for seat in seats if seat.state is not SeatState.FREE]


def edit(house: House, *, migrate: bool) -> None:
    """Rename two states in which people wait, in the flow and in those based on it."""
    for path in house.folder.glob("passport_*.yml"):
        text = re.sub(r"\bconfirming\b", "agreeing", path.read_text())
        path.write_text(re.sub(r"\bidentifying\b", "presenting", text))
    if migrate:
        path = house.folder / "passport_guided.yml"
        path.write_text(path.read_text().replace("states:\n", MIGRATE, 1))


async def test_on_their_version(house: House) -> None:
    """Everybody goes on to a booking as if nothing had been published, on any process."""
    people = People(house)
    first = await house.publish()
    bot = house.bot()
    await people.begin(bot)
    edit(house, migrate=False)
    second = await house.publish()
    standing = await house.stores.conversations.standing()
    open_on = await open_conversations(house.versions, standing)
    assert open_on.keys() == {first.version}
    assert open_on[first.version] > PEOPLE / 2
    await bot.library.refresh()
    bots = [bot, house.bot()]
    for at, sender in enumerate(people.cuts):
        script, cut = people.cuts[sender]
        await people.write(bots[at % 2], sender, script[cut:])
    assert await people.unbooked() == []
    assert {bot.library.current.flows.version for bot in bots} == {second.version}
    assert not any("diperbarui" in text for text in people.heard)


async def test_moved(house: House) -> None:
    """With the old version gone, `migrate:` lets everybody go on where they were."""
    people = People(house)
    await house.publish()
    await people.begin(house.bot())
    house.versions = MemoryVersions()
    edit(house, migrate=True)
    await people.go_on(house.bot())
    assert await people.unbooked() == []
    assert not any("diperbarui" in text for text in people.heard)


async def test_begun_again(house: House) -> None:
    """Without `migrate:` those whose place is gone are told, and nobody's seat is lost."""
    people = People(house)
    await house.publish()
    bot = house.bot()
    await people.begin(bot)
    house.versions = MemoryVersions()
    edit(house, migrate=False)
    bot = house.bot()
    await people.go_on(bot)
    told = sum(times for text, times in people.heard.items() if "diperbarui" in text)
    assert told > 0
    for sender in await people.unbooked():
        await people.write(bot, sender, ONCE_MORE)
    assert await people.unbooked() == []
    assert len(await people.seats()) == PEOPLE
