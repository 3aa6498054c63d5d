"""Limits, strikes and the blacklist."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.booking.conduct import Conduct, Turned, person_address
from bot.booking.people import KEPT, Person, StrikeKind
from bot.errors import StorageUnavailable
from storage.people import MemoryPeople

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER, OTHER = "whatsapp:6281200000001", "whatsapp:6281200000002"
BORN = date(1990, 8, 17)


@pytest.fixture
def conduct() -> Conduct:
    """Nobody is known yet."""
    return Conduct(MemoryPeople())


async def take(conduct: Conduct, office: Any, key: str, **asks: Any) -> bool:
    """Ask for a seat and take it; whether one was given."""
    wish = {"sender": NUMBER, "name": "RINA", "born": BORN, "now": NOW} | asks
    asking = await conduct.asking(office, key=key, **wish)
    if isinstance(asking, Turned):
        return False
    await conduct.took(asking, key, wish["now"])
    return True


class TestHoldsPerDay:
    async def test_one_more_than_allowed(self, make_office: Any) -> None:
        """holds_per_day: 2 gives two, holds_per_day: 3 gives three; the next is turned away."""
        for allowed in (2, 3):
            office, mine = make_office(holds_per_day=allowed), Conduct(MemoryPeople())
            given = [await take(mine, office, f"k{n}", name=f"ORANG {n}") for n in range(5)]
            assert given == [True] * allowed + [False] * (5 - allowed)

    async def test_the_same_claim_again(self, conduct: Conduct, make_office: Any) -> None:
        """A turn that is redone asks with its key again, and is not refused what it got."""
        office = make_office(holds_per_day=1)
        assert await take(conduct, office, "k1")
        assert await take(conduct, office, "k1")
        assert not await take(conduct, office, "k2")

    async def test_a_day_later(self, conduct: Conduct, make_office: Any) -> None:
        """After 24 hours the count is forgotten."""
        office = make_office(holds_per_day=1)
        assert await take(conduct, office, "k1")
        assert not await take(conduct, office, "k2", now=NOW + timedelta(hours=23, minutes=59))
        assert await take(conduct, office, "k2", now=NOW + timedelta(hours=24))

    async def test_one_person_from_many_numbers(self, conduct: Conduct, make_office: Any) -> None:
        """The limit holds for the person as well as for the number; others are free."""
        office = make_office(holds_per_day=1)
        assert await take(conduct, office, "k1")
        assert not await take(conduct, office, "k2", sender=OTHER)
        assert await take(conduct, office, "k3", sender=OTHER, name="BUDI")

    async def test_many_at_once_are_all_counted(self, make_office: Any) -> None:
        """Writes that collide are made again; none is lost."""
        store = MemoryPeople()
        office, conduct = make_office(holds_per_day=50), Conduct(store)
        await asyncio.gather(*(take(conduct, office, f"k{n}") for n in range(5)))
        assert len((await conduct.of(NUMBER)).taken) == 5

    def test_a_person_is_a_digest(self) -> None:
        """No second list of names and birth dates."""
        address = person_address("RINA WULANDARI", BORN)
        assert "RINA" not in address
        assert address != person_address("RINA WULANDARI", date(1990, 8, 18))


class TestStrikes:
    @pytest.mark.parametrize(
        ("kind", "setting"),
        [(StrikeKind.NO_SHOW, "no_show_strikes"), (StrikeKind.ABANDONED, "abandoned_strikes")],
    )
    async def test_the_last_one_blocks(
        self, make_office: Any, kind: StrikeKind, setting: str
    ) -> None:
        """So many strikes of a kind put the number on the blacklist; fewer do not."""
        for allowed in (1, 3):
            office, conduct = make_office(**{setting: allowed}), Conduct(MemoryPeople())
            for number in range(allowed):
                assert await take(conduct, office, f"k{number}")
                await conduct.strike(office, NUMBER, kind, f"k{number}", NOW)
            asking = await conduct.asking(office, NUMBER, "RINA", BORN, "last", NOW)
            assert isinstance(asking, Turned)
            assert asking.block
            assert (asking.block.reason, asking.block.by) == (kind.value, "system")
            assert asking.block.until == NOW + timedelta(days=office.block_days)

    async def test_the_same_thing_counts_once(self, conduct: Conduct, make_office: Any) -> None:
        """A key is one strike, and kinds are counted apart."""
        office = make_office(no_show_strikes=2)
        for _ in range(3):
            await conduct.strike(office, NUMBER, StrikeKind.NO_SHOW, "k1", NOW)
        known = await conduct.strike(office, NUMBER, StrikeKind.ABANDONED, "k2", NOW)
        assert len(known.strikes) == 2
        assert known.blocked(NOW) is None

    @pytest.mark.parametrize(("days", "blocked"), [(10, False), (30, True)])
    async def test_old_ones_are_forgotten(
        self, conduct: Conduct, make_office: Any, days: int, *, blocked: bool
    ) -> None:
        """Only strikes within strike_days count."""
        office = make_office(no_show_strikes=2, strike_days=days)
        await conduct.strike(office, NUMBER, StrikeKind.NO_SHOW, "k1", NOW)
        later = NOW + timedelta(days=20)
        known = await conduct.strike(office, NUMBER, StrikeKind.NO_SHOW, "k2", later)
        assert bool(known.blocked(later)) is blocked

    @pytest.mark.parametrize(("days", "blocked"), [(5, False), (30, True)])
    async def test_a_block_ends(
        self, conduct: Conduct, make_office: Any, days: int, *, blocked: bool
    ) -> None:
        """After block_days the number may register again."""
        office = make_office(no_show_strikes=1, block_days=days)
        known = await conduct.strike(office, NUMBER, StrikeKind.NO_SHOW, "k1", NOW)
        assert bool(known.blocked(NOW + timedelta(days=20))) is blocked


class TestStaff:
    async def test_block_and_unblock(self, conduct: Conduct, make_office: Any) -> None:
        """Staff block with a reason, and lift it; strikes from before count no more."""
        office = make_office(no_show_strikes=2)
        await conduct.strike(office, NUMBER, StrikeKind.NO_SHOW, "k1", NOW)
        known = await conduct.block(NUMBER, "calo", "staff:ani", NOW, days=None)
        assert known.blocked(NOW + timedelta(days=3650))
        later = NOW + timedelta(hours=1)
        await conduct.unblock(NUMBER, "staff:budi", later)
        known = await conduct.strike(office, NUMBER, StrikeKind.NO_SHOW, "k2", later)
        assert known.blocked(later) is None
        steps = [(entry.step, entry.by) for entry in known.trail]
        assert steps == [
            ("strike", "system"),
            ("block", "staff:ani"),
            ("unblock", "staff:budi"),
            ("strike", "system"),
        ]

    async def test_mark_and_clear(self, conduct: Conduct) -> None:
        """A mark is for the counter; clearing takes it and the block away, and stays on record."""
        await conduct.mark(NUMBER, "mengganggu antrean", "staff:ani", NOW)
        await conduct.block(NUMBER, "mengganggu", "staff:ani", NOW, days=7)
        known = await conduct.clear(NUMBER, "staff:ani", NOW)
        assert (known.mark, known.block) == ("", None)
        assert [entry.note for entry in known.trail] == ["mengganggu antrean", "mengganggu", ""]

    async def test_documents_stay_small(self, conduct: Conduct) -> None:
        """The oldest entries go first."""
        for number in range(KEPT + 5):
            known = await conduct.mark(NUMBER, f"catatan {number}", "staff:ani", NOW)
        assert len(known.trail) == KEPT
        assert known.trail[-1].note == f"catatan {KEPT + 4}"


async def test_a_document_that_never_holds_still() -> None:
    """Other processes that always come first end in an error that may be tried again."""

    class Restless(MemoryPeople):
        async def save(self, person: Person) -> bool:
            await super().save(person)
            return False

    with pytest.raises(StorageUnavailable):
        await Conduct(Restless()).mark(NUMBER, "x", "staff:ani", NOW)


async def test_what_counts_goes_along(conduct: Conduct, make_office: Any) -> None:
    """When two numbers are one person's: holds, strikes and the block, however often it is said."""
    office = make_office(holds_per_day=2, no_show_strikes=9)
    assert await take(conduct, office, "k1")
    assert await take(conduct, office, "k2", sender=OTHER, name="BUDI")
    await conduct.strike(office, NUMBER, StrikeKind.NO_SHOW, "late", NOW)
    for _ in range(2):
        await conduct.carry(NUMBER, OTHER)
    known = await conduct.of(OTHER)
    assert (len(known.taken), len(known.strikes), known.block) == (2, 1, None)
    assert not await take(conduct, office, "k3", sender=OTHER, name="SITI")
    await conduct.block(NUMBER, "calo", "staff:1", NOW)
    await conduct.carry(NUMBER, OTHER)
    assert (await conduct.of(OTHER)).blocked(NOW)


async def test_nothing_to_go_along(conduct: Conduct) -> None:
    """Of somebody blameless nothing is written down."""
    await conduct.carry(NUMBER, OTHER)
    assert not (await conduct.of(OTHER)).revision
