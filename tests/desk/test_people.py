"""Admins add people, give and take roles and draw passwords in the browser."""

import asyncio
import re
from dataclasses import replace

import pytest

from bot.desk.accounts import Account
from bot.desk.roles import EVERY_OFFICE, Role
from bot.desk.staffing import NotChanged, change
from tests.support.desk import NOW, OFFICE, DeskHouse, Visitor

PASSWORD = re.compile(r"<code>((?:[a-z0-9]{5}-){3}[a-z0-9]{5})</code>")


async def revision_of(house: DeskHouse, login: str) -> str:
    """As the forms of the page carry it."""
    account = await house.kept.accounts.load(login)
    assert account
    return str(account.revision)


async def add(admin: Visitor, login: str = "baru", **fields: str) -> tuple[int, str]:
    """Send the form; the status, and the page."""
    answer = await admin.post("/desk/staff", login=login, **fields)
    return answer.status, await answer.text()


async def test_somebody_new_signs_in(house: DeskHouse) -> None:
    """With the password that is shown once; a reload of that page makes nobody new."""
    async with house.visitor("admin") as admin, house.visitor() as new:
        status, page = await add(admin, name="<b>Baru</b> Contoh", role="counter")
        assert status == 200
        assert "<b>Baru" not in page
        found = PASSWORD.search(page)
        assert found
        assert (await new.sign_in("baru", found[1])).status == 303
        assert (await new.get("/desk/queue")).status == 200
        assert (await new.get("/desk/staff")).status == 403
        status, page = await add(admin, name="Baru", role="admin")
        assert (status, "sudah dipakai" in page, PASSWORD.search(page)) == (422, True, None)
        entries = await house.kept.audit.between(OFFICE, NOW, NOW.replace(hour=23))
        done = [(e.by, e.action, e.subject) for e in entries]
        assert done.count(("admin", "staff_added", "account:baru")) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"login": "Baru", "name": "Baru", "role": "counter"},
        {"login": "../x", "name": "Baru", "role": "counter"},
        {"login": "baru", "name": " ", "role": "counter"},
        {"login": "baru", "name": "Baru"},
        {"login": "baru", "name": "Baru", "role": "root"},
    ],
)
async def test_what_will_not_do_is_told(house: DeskHouse, fields: dict[str, str]) -> None:
    """Nobody is added, and what was typed stands in the form again."""
    async with house.visitor("admin") as admin:
        answer = await admin.post("/desk/staff", **fields)
        assert answer.status == 422
        assert 'role="alert"' in await answer.text()
        assert await house.kept.accounts.load(fields["login"]) is None


async def test_roles_change_at_once(house: DeskHouse) -> None:
    """Whoever had the role is signed out; a form that was opened before somebody else's change
    does nothing.
    """
    async with house.visitor("admin") as admin, house.visitor("counter") as counter:
        form = {"revision": await revision_of(house, "counter"), "role": "supervisor"}
        assert (await admin.post("/desk/staff/counter/roles", **form)).status == 303
        assert (await counter.get("/desk/queue")).status == 303
        account = await house.kept.accounts.load("counter")
        assert account
        assert account.roles == {OFFICE: frozenset({Role.SUPERVISOR})}
        assert (await admin.post("/desk/staff/counter/roles", **form)).status == 409
        form = {"revision": await revision_of(house, "counter")}
        assert (await admin.post("/desk/staff/counter/roles", **form)).status == 409


async def test_a_new_password_is_drawn_once_a_form(house: DeskHouse) -> None:
    """The old one is void, sessions end; sent again the form draws no other."""
    async with house.visitor("admin") as admin, house.visitor("counter") as counter:
        form = {"revision": await revision_of(house, "counter")}
        page = await (await admin.post("/desk/staff/counter/password", **form)).text()
        found = PASSWORD.search(page)
        assert found
        assert (await counter.get("/desk/queue")).status == 303
        assert (await counter.sign_in("counter")).status != 303
        assert (await counter.sign_in("counter", found[1])).status == 303
        assert (await admin.post("/desk/staff/counter/password", **form)).status == 409
        assert (await counter.get("/desk/queue")).status == 200


async def test_only_whom_one_answers_for(house: DeskHouse) -> None:
    """Not who works elsewhere too, not oneself, and nobody of another office."""
    async with house.visitor("admin") as admin:
        for login, status in (
            ("two", 403),
            ("everywhere", 403),
            ("admin", 403),
            ("elsewhere", 404),
        ):
            answer = await admin.post(f"/desk/staff/{login}/password")
            assert answer.status == status, login
        assert (await admin.post("/desk/staff/admin/roles", role="counter")).status == 403
        assert (await admin.post("/desk/staff/two/roles", role="supervisor")).status == 303
        two = await house.kept.accounts.load("two")
        assert two
        assert two.roles["bogor"] == frozenset({Role.SUPERVISOR})


async def test_the_last_admin_stays(house: DeskHouse) -> None:
    """Nobody takes the last admin of all offices away, nor two each other's right at once."""
    accounts = house.kept.accounts
    last = await accounts.load("everywhere")
    assert last
    with pytest.raises(NotChanged) as no:
        await change(house.kept, last, replace(last, disabled=True), NOW)
    assert no.value.key == "people.last_admin"
    second = Account("second", "Second", "", {EVERY_OFFICE: frozenset({Role.ADMIN})})
    assert await accounts.save(second)
    both = [each for each in await accounts.everybody() if each.login in {"everywhere", "second"}]
    results = await asyncio.gather(
        *(change(house.kept, each, replace(each, disabled=True), NOW) for each in both),
        return_exceptions=True,
    )
    left = [each for each in await accounts.everybody() if Role.ADMIN in each.roles_at("bogor")]
    assert any(not each.disabled for each in left if each.login in {"everywhere", "second"})
    assert any(isinstance(each, NotChanged) for each in results)
