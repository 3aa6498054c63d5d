"""Signing in and staying so: fixation, forged forms, open redirects, guessing, scripts in names."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from bot.desk.sessions import key_of
from tests.support.desk import OFFICE, PASSWORD, DeskHouse


async def test_a_planted_session_is_not_taken_over(house: DeskHouse) -> None:
    """The id a browser brings along stands for nothing, before and after signing in."""
    planted = "x" * 43
    async with house.visitor() as visitor:
        visitor.http.cookie_jar.update_cookies({"antre_desk": planted})
        assert (await visitor.get("/desk")).status == 303
        await visitor.sign_in("counter")
        assert visitor.cookie() != planted
        assert await house.kept.sessions.load(key_of(planted)) is None
        assert await house.kept.sessions.load(visitor.cookie()) is None, "kept in clear"


async def test_each_signing_in_is_a_new_session(house: DeskHouse) -> None:
    """Signing in again ends the session before."""
    async with house.visitor("counter") as visitor:
        before, token = visitor.cookie(), await visitor.token()
        await visitor.post("/desk/sign-in", token, login="editor", password=PASSWORD)
        assert visitor.cookie() != before
        assert await house.kept.sessions.load(key_of(before)) is None
        assert await visitor.token() != token


async def test_signing_out_ends_it_at_the_server(house: DeskHouse) -> None:
    """Who kept a copy of the cookie has nothing."""
    async with house.visitor("counter") as visitor, house.visitor() as thief:
        copy = visitor.cookie()
        await visitor.post("/desk/sign-out")
        thief.http.cookie_jar.update_cookies({"antre_desk": copy})
        assert (await thief.get("/desk")).status == 303


@pytest.mark.parametrize(
    ("minutes", "steps", "status"), [(29, 20, 200), (31, 1, 303), (29, 25, 303)]
)
async def test_a_session_ends_by_itself(
    house: DeskHouse, minutes: int, steps: int, status: int
) -> None:
    """After half an hour without use, and after twelve hours of it."""
    async with house.visitor("counter") as visitor:
        for _ in range(steps):
            house.wait(minutes=minutes)
            answer = await visitor.get("/desk")
        assert answer.status == status


async def test_a_form_from_elsewhere_does_nothing(house: DeskHouse) -> None:
    """Without the session's own token, or from another site, a POST is refused."""
    async with house.visitor("everywhere") as admin, house.visitor("counter") as other:
        path = "/desk/staff/counter/disable"
        assert (await admin.post(path, "")).status == 403
        assert (await admin.post(path, await other.token())).status == 403
        token = await admin.token()
        for origin in ("https://evil.example", "null", house.url + ".evil.example", "http://["):
            answer = await admin.http.post(path, data={"csrf": token}, headers={"Origin": origin})
            assert answer.status == 403, origin
        assert (await other.get("/desk")).status == 200
        assert (await admin.post(path, token)).status == 303
        assert (await other.get("/desk")).status == 303, "signed out at once"


async def test_nobody_is_signed_in_by_another_site(house: DeskHouse) -> None:
    """The sign-in form has a token, too; one that somebody made up is refused."""
    async with house.visitor() as visitor:
        answer = await visitor.post("/desk/sign-in", "y" * 43, login="counter", password=PASSWORD)
        assert answer.status == 403
        assert not visitor.cookie()


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/desk/trail?day=2026-11-24", "/desk/trail?day=2026-11-24"),
        ("https://evil.example/desk", "/desk"),
        ("//evil.example", "/desk"),
        ("/desk//evil.example", "/desk"),
        ("/desk/../..//evil.example", "/desk"),
        ("/\\evil.example", "/desk"),
        ("/desk\r\nX: y", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("", "/desk"),
    ],
)
async def test_signing_in_leads_nowhere_else(house: DeskHouse, wanted: str, lands: str) -> None:
    """``next`` leads on within the desk alone, in the form and in the address."""
    async with house.visitor() as visitor:
        answer = await visitor.sign_in("everywhere", next=wanted)
        assert answer.headers["Location"] == lands
        again = await visitor.get(f"/desk/sign-in?next={quote(wanted, safe='')}")
        assert again.headers["Location"] == lands


async def test_a_wrong_password_says_no_more_than_a_wrong_login(house: DeskHouse) -> None:
    """Who guesses does not learn which logins there are, nor which are disabled."""
    found = await house.kept.accounts.load("editor")
    assert found
    await house.kept.accounts.save(replace(found, disabled=True))
    async with house.visitor() as visitor:
        said = set()
        for login, password in [("counter", "x"), ("nobody", "x"), ("editor", PASSWORD)]:
            answer = await visitor.sign_in(login, password)
            assert answer.status == 401
            said.add((await answer.text()).replace(login, "").replace(await visitor.token(), ""))
        assert len(said) == 1


async def test_guessing_gets_slow(house: DeskHouse) -> None:
    """From the sixth wrong password on, each wait is twice as long; the right one waits as well."""
    async with house.visitor() as visitor:
        waits = []
        for _ in range(9):
            answer = await visitor.sign_in("counter", "wrong")
            if answer.status == 429:
                waits.append(int(answer.headers["Retry-After"]))
                house.wait(seconds=waits[-1])
                answer = await visitor.sign_in("counter", "wrong")
            assert answer.status == 401
        assert waits == [1, 2, 4, 8]
        assert (await visitor.sign_in("counter")).status == 429
        house.wait(seconds=16)
        assert (await visitor.sign_in("counter")).status == 303
        assert (await visitor.post("/desk/sign-out")).status == 303
        assert (await visitor.sign_in("counter", "wrong")).status == 401


async def test_guessing_at_many_logins_gets_slow(house: DeskHouse) -> None:
    """An address has an allowance for all logins, which a right one does not renew."""
    async with house.visitor() as visitor:
        for number in range(19):
            assert (await visitor.sign_in(f"guess{number}", "wrong")).status == 401
        assert (await visitor.sign_in("counter")).status == 303
        await visitor.post("/desk/sign-out")
        assert (await visitor.sign_in("guess20", "wrong")).status == 401
        assert (await visitor.sign_in("guess21", "wrong")).status == 429


async def test_a_script_in_a_name_is_a_name(house: DeskHouse) -> None:
    """Whatever stands in a name is shown as text, on every page that shows it."""
    found = await house.kept.accounts.load("counter")
    assert found
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    await house.kept.accounts.save(replace(found, name=bad))
    async with house.visitor("everywhere") as admin, house.visitor("counter") as own:
        for page in (await admin.get("/desk/staff"), await own.get("/desk")):
            html = await page.text()
            assert "&lt;script&gt;" in html
            assert "<script>alert" not in html
            assert "<img src=x" not in html


async def test_what_is_done_is_written_down(house: DeskHouse) -> None:
    """Who, when, where and what, without anybody's name; what was refused is not there."""
    async with house.visitor("admin") as admin:
        house.wait(seconds=1)
        assert (await admin.post("/desk/staff/counter/disable")).status == 303
        assert (await admin.post("/desk/staff/everywhere/disable")).status == 403
    house.wait(seconds=1)
    async with house.visitor("supervisor") as supervisor:
        page = await supervisor.text("/desk/trail")
        assert "Menonaktifkan petugas" in page
        assert "account:everywhere" not in page
        assert "Contoh" not in page.partition("<table>")[2]
        assert "Belum ada catatan" in await supervisor.text("/desk/trail?day=2026-11-23")
        assert "account:counter" in await supervisor.text("/desk/trail?day=nonsense")
    hours = (house.moment - timedelta(hours=1), house.moment + timedelta(hours=1))
    entries = await house.kept.audit.between(OFFICE, *hours)
    assert [(entry.by, entry.action, entry.subject) for entry in entries] == [
        ("supervisor", "signed_in", ""),
        ("admin", "staff_disabled", "account:counter"),
        ("admin", "signed_in", ""),
    ]


async def test_a_new_password_ends_all_other_sessions(house: DeskHouse) -> None:
    """The old password must be known, the new one must do, and then only this browser stays."""
    new = "hujan sore di kantor"
    async with house.visitor("counter") as here, house.visitor("counter") as there:
        for fields, status in [
            ({"old": "wrong one", "new": new, "again": new}, 422),
            ({"old": PASSWORD, "new": new, "again": "different"}, 422),
            ({"old": PASSWORD, "new": "counter123", "again": "counter123"}, 422),
            ({"old": PASSWORD, "new": "short", "again": "short"}, 422),
            ({"old": PASSWORD, "new": new, "again": new}, 303),
        ]:
            answer = await here.post("/desk/password", **fields)
            assert answer.status == status, fields
            house.wait(seconds=1)
        assert (await here.get("/desk")).status == 200
        assert (await there.get("/desk")).status == 303
        assert (await there.sign_in("counter")).status == 401
        assert (await there.sign_in("counter", new)).status == 303
