"""`antre privacy` as staff run it, beside a bot: nothing of the person is left anywhere."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient

from bot.graph_stub.server import GraphStandIn
from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant, booking_in
from tests.support.service import ran
from tests.support.traces import Somebody, traces
from tests.support.webhooks import image

RATNA = Somebody(
    "6281200000051",
    ("Ratna Wulandari", "Citra Umpama", "Laras Umpama"),
    (date(1990, 8, 17), date(2019, 5, 3), date(1991, 2, 28)),
    ("Jl. Kenanga 17", "rasanya tidak enak badan"),
)
BUDI = Somebody("6281200000052", ("Budi Santoso",), (date(1987, 1, 25),))
PHOTO = b"\xff\xd8\xff\xe0" + bytes(100)


async def dumped(uri: str, name: str) -> dict[str, str]:
    """Every collection as text, by name."""
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(uri, tz_aware=True, tzinfo=UTC)
    try:
        database = client[name]
        return {
            collection: str(await database[collection].find({}).to_list())
            for collection in await database.list_collection_names()
        }
    finally:
        await client.close()


@pytest.mark.long
async def test_nothing_is_left_of_somebody(
    on_mongo: House, applicant: Callable[..., Applicant], graph: GraphStandIn, tmp_path: Path
) -> None:
    """Bookings to come are in the way; cancelled, all goes but what says nothing of who; another's
    booking stays; and whoever writes on in the middle of it is greeted.
    """
    service = await on_mongo.serve()
    ratna = applicant(lambda: service.url, sender=RATNA.number)
    budi = applicant(lambda: service.url, sender=BUDI.number)
    await budi.book("BUDI SANTOSO", "25011987")
    await ratna.say("saya mau daftar sekeluarga 2 orang, rasanya tidak enak badan")
    await ratna.hears("Tanggal berapa semuanya akan datang")
    await ratna.say("2")
    await ratna.hears("Siapa saja yang datang")
    await ratna.say("Ratna Wulandari 17-08-1990\nCitra Umpama 3 mei 2019")
    await ratna.tap(await ratna.hears("balas dengan kode persetujuan"), "Setuju")
    code = booking_in(await ratna.hears("Kode booking:")).code
    await ratna.say("#tgllayanan")
    await ratna.hears("sudah punya booking")
    graph.media["1037543291543636"] = PHOTO
    form = "#Laras Umpama#28021991#Jl. Kenanga 17"
    photo = image(f"wamid.{RATNA.number}.photo", form, RATNA.number, datetime.now(UTC))
    await ratna.insist(ratna.body(photo))

    export, phone = tmp_path / "ratna.json", ("--phone", "0812 0000 0051")
    done, said, errors = await ran(
        "privacy", "export", *phone, "-o", str(export), **on_mongo.variables
    )
    assert (done, errors) == (0, "")
    document = json.loads(export.read_text())
    assert {each["person"]["name"] for each in document[0]["bookings"]} == {
        "RATNA WULANDARI",
        "CITRA UMPAMA",
    }
    assert export.stat().st_mode & 0o077 == 0

    _, said, _ = await ran("privacy", "erase", *phone, "--yes", **on_mongo.variables)
    assert "NOT erased" in said
    uri, name = on_mongo.variables["MONGODB_URI"], on_mongo.variables["ANTRE_STORAGE_DATABASE"]
    before = await dumped(uri, name)
    where = {each for each, text in before.items() if traces(text, [RATNA])}
    assert {"conversations", "seats", "notices"} <= where
    assert "people" not in where

    await ran("privacy", "erase", *phone, "--yes", "--cancel-bookings", **on_mongo.variables)
    gone, after = [RATNA, Somebody("6282222222222", others=(code,))], await dumped(uri, name)
    left = {each: traces(text, gone) for each, text in after.items()}
    assert {each: found for each, found in left.items() if found} == {}
    assert after["conversations"].count(BUDI.number)
    assert traces(after["seats"], [BUDI])

    await ratna.say("2")
    await ratna.hears("Layanan Antrean Paspor")
    await ratna.say("#status")
    await ratna.hears("belum punya booking")
