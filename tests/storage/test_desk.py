"""What the desk keeps, over every store: accounts, sessions, attempts, the audit."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.accounts import Account
from bot.desk.audit import AuditEntry
from bot.desk.kept import DeskStores
from bot.desk.roles import EVERY_OFFICE, Role
from bot.desk.sessions import SessionRecord, key_of
from bot.desk.throttle import PER_LOGIN, Attempts, Throttle
from storage.desk import desk_stores_in, desk_stores_in_memory
from storage.driver import open_database
from tests.storage.conftest import STORES

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ACCOUNT = Account(
    "sari.contoh",
    "Sari Contoh",
    "$argon2id$fiktif",
    {"bogor": frozenset({Role.COUNTER, Role.EDITOR}), EVERY_OFFICE: frozenset({Role.ADMIN})},
    valid_from=NOW,
)


@pytest.fixture(params=STORES)
async def kept(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[DeskStores]:
    """Empty stores of each kind."""
    if request.param == "memory":
        yield desk_stores_in_memory()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    yield await desk_stores_in(database)
    await database.close()


async def test_an_account_is_saved_over_what_was_read(kept: DeskStores) -> None:
    """A login is given once, and of two changes to one state of it the second is refused."""
    assert await kept.accounts.load("sari.contoh") is None
    assert await kept.accounts.save(ACCOUNT)
    assert not await kept.accounts.save(replace(ACCOUNT, name="Another"))
    found = await kept.accounts.load("sari.contoh")
    assert found == replace(ACCOUNT, revision=1)
    assert await kept.accounts.save(replace(found, disabled=True))
    assert not await kept.accounts.save(replace(found, name="Another"))
    assert await kept.accounts.save(replace(ACCOUNT, login="agus"))
    everybody = await kept.accounts.everybody()
    assert [(each.login, each.disabled) for each in everybody] == [
        ("agus", False),
        ("sari.contoh", True),
    ]


async def test_an_ended_session_stays_ended(kept: DeskStores) -> None:
    """A touch that was under way when somebody signed out does not bring them back."""
    record = SessionRecord(key_of("one"), "sari", "token", "bogor", NOW, NOW)
    await kept.sessions.begin(record)
    later = replace(record, seen_at=NOW + MINUTE, office="depok")
    assert await kept.sessions.keep(later)
    assert await kept.sessions.load(record.key) == later
    await kept.sessions.end(record.key)
    await kept.sessions.end(record.key)
    assert not await kept.sessions.keep(later)
    assert await kept.sessions.load(record.key) is None


async def test_sessions_end_by_login_and_by_age(kept: DeskStores) -> None:
    """All of one person's at once, and those not used any more; nobody else's."""
    for number, login in enumerate(["sari", "sari", "agus", "tiur"]):
        seen = NOW + number * MINUTE
        record = SessionRecord(key_of(str(number)), login, "token", "bogor", NOW, seen)
        await kept.sessions.begin(record)
    assert await kept.sessions.end_all("sari") == 2
    assert await kept.sessions.purge(NOW + 3 * MINUTE) == 1
    assert await kept.sessions.load(key_of("3"))
    assert await kept.sessions.end_all("nobody") == 0


async def test_attempts_at_once_are_all_counted(kept: DeskStores) -> None:
    """Of thirty guesses at the same moment no more than are free may be made."""
    throttle = Throttle(kept.attempts)
    waits = await asyncio.gather(*(throttle.attempt("sari", f"{n}", NOW) for n in range(30)))
    assert sum(not wait for wait in waits) <= PER_LOGIN.free
    assert await throttle.attempt("sari", "x", NOW + timedelta(hours=25)) == timedelta()


async def test_attempts_are_forgotten_in_time(kept: DeskStores) -> None:
    """What was last counted a day ago is deleted, the rest stays."""
    assert await kept.attempts.save(Attempts("login:a", 3, NOW, NOW))
    assert await kept.attempts.save(Attempts("login:b", 3, NOW + MINUTE, NOW))
    assert not await kept.attempts.save(Attempts("login:b", 1, NOW, NOW))
    assert await kept.attempts.purge(NOW + MINUTE) == 1
    assert await kept.attempts.load("login:a") == Attempts("login:a")
    assert (await kept.attempts.load("login:b")).failed == 3


async def test_the_audit_tells_an_offices_time(kept: DeskStores) -> None:
    """Entries of one office from a moment on and before another, the latest first."""
    entries = [
        AuditEntry(NOW + n * MINUTE, "sari", office, "checked_in", f"seat:{office}/{n}")
        for n, office in enumerate(["bogor", "bogor", "depok", "bogor"])
    ]
    for entry in entries:
        await kept.audit.add(entry)
    found = await kept.audit.between("bogor", NOW, NOW + 3 * MINUTE)
    assert found == [entries[1], entries[0]]


async def test_the_audit_goes_with_its_time(kept: DeskStores) -> None:
    """What is from before a moment, at whichever office; nothing else."""
    for at, office in ((NOW, "bogor"), (NOW, "*"), (NOW + MINUTE, "bogor")):
        await kept.audit.add(AuditEntry(at, "sari", office, "signed_in"))
    assert await kept.audit.aged(NOW) == 0
    assert await kept.audit.aged(NOW + MINUTE) == 2
    await kept.audit.drop(NOW + MINUTE)
    assert await kept.audit.between("*", NOW, NOW + 2 * MINUTE) == []
    (left,) = await kept.audit.between("bogor", NOW, NOW + 2 * MINUTE)
    assert left.at == NOW + MINUTE


@pytest.mark.parametrize("subject", ["Rina Wulandari", "seat:0812 0000 0001", "seat", "a:b\nc"])
def test_an_audit_entry_holds_no_words(subject: str) -> None:
    """What might be a name or a sentence is refused."""
    with pytest.raises(ValueError, match="subject"):
        AuditEntry(NOW, "sari", "bogor", "checked_in", subject)
