"""People, the same over every store."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.booking.people import Block, Entry, PeopleStore, Person, Strike, StrikeKind, Taken
from storage.driver import Database
from storage.people import MongoPeople

NOW = datetime(2026, 11, 23, 2, 0, 0, 123000, tzinfo=UTC)
NUMBER = "whatsapp:6281200000001"
WHOLE = Person(
    NUMBER,
    taken=(Taken("k1", NOW), Taken("k2", NOW)),
    strikes=(Strike(StrikeKind.NO_SHOW, "k0", NOW),),
    mark="minta dilayani di loket 3",
    block=Block("calo", NOW + timedelta(days=3), "staff:ani", NOW),
    trail=(Entry("block", NOW, "staff:ani", "calo"),),
)


async def test_nobody_is_blank(people: PeopleStore) -> None:
    """Nothing known is no document, and a person all the same."""
    assert await people.load(NUMBER) == Person(NUMBER)


async def test_everything_comes_back(people: PeopleStore) -> None:
    """Every field survives the way there and back."""
    assert await people.save(WHOLE)
    assert await people.load(NUMBER) == replace(WHOLE, revision=1)
    assert await people.load("whatsapp:6281200000002") == Person("whatsapp:6281200000002")


async def test_microseconds_are_cut(people: PeopleStore) -> None:
    """As BSON keeps times."""
    await people.save(Person(NUMBER, taken=(Taken("k1", NOW.replace(microsecond=123456)),)))
    assert (await people.load(NUMBER)).taken == (Taken("k1", NOW),)


async def test_a_stale_write_is_refused(people: PeopleStore) -> None:
    """Who loaded before another saved learns it, the first time and later."""
    first = Person(NUMBER)
    assert await people.save(replace(first, mark="satu"))
    assert not await people.save(replace(first, mark="dua"))
    second = await people.load(NUMBER)
    assert await people.save(replace(second, mark="tiga"))
    assert not await people.save(replace(second, mark="empat"))
    assert (await people.load(NUMBER)).mark == "tiga"


async def test_one_of_many_wins(people: PeopleStore) -> None:
    """Ten at once from the same document: one write."""
    saved = await asyncio.gather(
        *(people.save(Person(NUMBER, mark=str(number))) for number in range(10))
    )
    assert sum(saved) == 1


async def test_no_number_in_clear_is_kept(database: Database) -> None:
    """Documents of before there were pseudonyms go at the next start; the others stay."""
    people = MongoPeople(database)
    await people.prepare()
    assert await people.save(WHOLE)
    kept = database.collection("people")
    await kept.insert_missing([{"_id": NUMBER}, {"_id": "person:0a"}])
    await people.prepare()
    assert await people.load(NUMBER) == replace(WHOLE, revision=1)
    (left,) = await kept.find({})
    assert NUMBER not in f"{left}"
