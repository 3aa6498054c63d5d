"""Who gets in: every line of the table, as nobody and as each role."""

import re
from collections.abc import Sequence

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.desk import gate
from bot.desk.audit import AuditEntry
from bot.desk.roles import Role
from bot.desk.route import OpenRoute, Route, StaffRoute
from bot.desk.routes import TABLE
from bot.desk.visit import StaffVisit
from bot.errors import StorageUnavailable
from tests.support.desk import OFFICE, OTHER, DeskHouse, Visitor, open_house

STAFF: Sequence[StaffRoute] = [route for route in TABLE if isinstance(route, StaffRoute)]
IN_PATHS = {
    "login": "nobody-of-this-name",
    "name": "desk.css",
    "office": OFFICE,
    "file": "common.yml",
}
DENIED = {401, 403}


def path_of(route: Route) -> str:
    """A path of a route, with something in place of what varies."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda found: IN_PATHS.get(found[1], "1"), route.path)


async def asked(visitor: Visitor, route: Route, token: str = "") -> int:
    """The status of an answer; of a stream, once it begins."""
    if isinstance(route, StaffRoute) and route.live:
        answer = await visitor.http.get(path_of(route), allow_redirects=False)
        answer.close()
        return answer.status
    if route.method == "GET":
        return (await visitor.get(path_of(route))).status
    return (await visitor.post(path_of(route), token)).status


async def test_nobody_gets_in(house: DeskHouse) -> None:
    """Whoever is not signed in is sent to sign in, or told so, by every route for staff."""
    async with house.visitor() as nobody:
        token = await nobody.token()
        for route in STAFF:
            status = await asked(nobody, route, token)
            wanted = {401} if route.method == "POST" or route.live else {303}
            assert status in wanted, route.path


@pytest.mark.parametrize("role", Role)
async def test_each_role_gets_in_where_the_table_says(house: DeskHouse, role: Role) -> None:
    """A role is let in exactly where it is named, and denied everywhere else."""
    last = [route for route in STAFF if route.path != "/desk/sign-out"]
    async with house.visitor(role.value) as visitor:
        for route in last:
            status = await asked(visitor, route, await visitor.token())
            assert (status not in DENIED) == (role in route.roles), (route.path, status)


@pytest.mark.parametrize("login", ["idle", "elsewhere"])
async def test_who_has_no_role_here_is_denied_what_is_here(house: DeskHouse, login: str) -> None:
    """Without a role nothing opens; with roles elsewhere this office is never shown."""
    async with house.visitor(login) as visitor:
        switched = (
            await visitor.post("/desk/office", await visitor.token(), office=OFFICE)
            if (login == "elsewhere")
            else await visitor.get("/desk")
        )
        assert switched.status == 403
        page = await (await visitor.get("/desk")).text()
        assert "Jakarta Pusat" not in page


async def test_what_the_table_does_not_name_is_not_there(house: DeskHouse) -> None:
    """Any other path or method of the desk is refused in words, with the desk's headers."""
    async with house.visitor("admin") as visitor:
        for path in ("/desk/none", "/desk/../desk/none", "/desk/static/desk.py", "/deskx"):
            answer = await visitor.get(path)
            assert answer.status == 404
        assert (await visitor.get("/desk/")).headers["Location"] == "/desk"
        answer = await visitor.http.delete("/desk/staff")
        assert answer.status in {404, 405}


def test_a_route_names_who_may_ask() -> None:
    """The table cannot hold a route for nobody in particular, or a change without a trace."""

    async def handler(_: object) -> None: ...

    with pytest.raises(ValueError, match="roles"):
        StaffRoute("GET", "/desk/x", frozenset(), handler)
    with pytest.raises(ValueError, match="audit"):
        StaffRoute("POST", "/desk/x", frozenset(Role), handler)


def test_open_routes_are_few_and_known() -> None:
    """What anybody may ask for is listed here, so that nothing opens by mistake."""
    assert {(route.method, route.path) for route in TABLE if isinstance(route, OpenRoute)} == {
        ("GET", "/desk/demo"),
        ("GET", "/desk/sign-in"),
        ("POST", "/desk/sign-in"),
        ("POST", "/desk/language"),
        ("GET", "/desk/static/{name}"),
        ("GET", "/display/{office}"),
        ("GET", "/display/{office}/live"),
        ("GET", "/"),
        ("POST", "/language"),
        ("GET", "/offices/{office}"),
        ("GET", "/offices/{office}/{day}"),
        ("POST", "/offices/{office}/choose"),
        ("GET", "/booking"),
        ("POST", "/booking"),
        ("POST", "/booking/cancel"),
        ("GET", "/phone"),
        ("POST", "/phone"),
        ("GET", "/phone/code"),
        ("POST", "/phone/code"),
    }


async def test_an_office_is_changed_only_to_ones_own(house: DeskHouse) -> None:
    """Who works at two offices switches between them, with the roles they have at each."""
    async with house.visitor("two") as two:
        assert (await two.get("/desk/trail")).status == 403
        assert (await two.post("/desk/office", office="depok")).status == 403
        assert (await two.post("/desk/office", office="nowhere")).status == 404
        assert (await two.post("/desk/office", office=OTHER)).status == 303
        assert (await two.get("/desk/trail")).status == 200
        assert "Bogor" in await two.text("/desk")


async def test_every_answer_is_guarded(house: DeskHouse) -> None:
    """Pages, errors and files carry the headers; pages are stored nowhere."""
    async with house.visitor("admin") as visitor:
        for path in ("/desk", "/desk/none", "/desk/static/desk.css", "/desk/sign-in"):
            headers = (await visitor.get(path)).headers
            policy = headers["Content-Security-Policy"]
            assert "script-src 'self';" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            assert "Strict-Transport-Security" not in headers
        assert (await visitor.get("/desk")).headers["Cache-Control"] == "no-store"


async def test_behind_tls_cookies_travel_by_tls_alone() -> None:
    """An office's cookies are Secure, HttpOnly and SameSite, and browsers stay with TLS."""
    async with open_house(secure=True) as house, house.visitor() as visitor:
        answer = await visitor.get("/desk/sign-in")
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        form = answer.headers["Set-Cookie"]
        assert all(word in form for word in ("__Host-", "Secure", "HttpOnly", "SameSite=Strict"))
        token = form.partition("=")[2].partition(";")[0]
        answer = await visitor.http.post(
            "/desk/sign-in",
            data={"csrf": token, "login": "admin", "password": "kopi pagi di loket"},
            headers={"Cookie": f"__Host-antre_form={token}"},
            allow_redirects=False,
        )
        assert answer.status == 303
        cookie = answer.headers["Set-Cookie"]
        assert all(word in cookie for word in ("__Host-", "Secure", "HttpOnly", "SameSite=Lax"))


@pytest.mark.parametrize(
    ("failure", "status", "said"),
    [
        (StorageUnavailable("down"), 503, "Basis data tidak menjawab"),
        (ValueError("ours"), 500, "Ada kesalahan di sistem kami"),
        (web.HTTPNotFound(), 404, "Halaman ini tidak ada"),
    ],
)
async def test_what_fails_is_told_in_words(failure: Exception, status: int, said: str) -> None:
    """A page that breaks says what to do, to readers and scripts, and nothing of its inside."""

    async def broken(_: StaffVisit) -> web.Response:
        raise failure

    table = (
        *TABLE,
        StaffRoute("GET", "/desk/broken", frozenset(Role), broken),
        StaffRoute("POST", "/desk/broken", frozenset(Role), broken, action="signed_in"),
    )
    async with open_house(table=table) as house, house.visitor("counter") as visitor:
        answer = await visitor.get("/desk/broken")
        assert answer.status == status
        assert said in await answer.text()
        assert "ours" not in await answer.text()
        told = await visitor.http.post(
            "/desk/broken",
            headers={"Accept": "application/json", "X-CSRF-Token": await visitor.token()},
        )
        assert told.status == status
        assert said in (await told.json())["error"]


async def test_a_database_that_is_away_signs_nobody_out(house: DeskHouse) -> None:
    """While sessions cannot be read, the page says so; when they can, one is still signed in."""

    async def away(_: str) -> None:
        raise StorageUnavailable("down")

    async with house.visitor("counter") as visitor:
        load = house.kept.sessions.load
        house.kept.sessions.load = away
        assert (await visitor.get("/desk")).status == 503
        house.kept.sessions.load = load
        assert (await visitor.get("/desk")).status == 200


async def test_a_form_of_another_office_does_nothing(house: DeskHouse) -> None:
    """Who switches offices in one window does nothing by mistake in another, opened before."""
    async with house.visitor("two") as two:
        old = await two.token()
        assert (await two.post("/desk/office", old, office=OTHER)).status == 303
        assert (await two.post("/desk/office", old, office=OFFICE)).status == 403
        assert (await two.post("/desk/language", old, language="en", next="/desk")).status == 303
        assert "Bogor" in await two.text("/desk")


async def test_a_problem_page_leads_back(house: DeskHouse) -> None:
    """After a POST that was refused, changing the language does not ask for the POST's path."""
    async with house.visitor("everywhere") as admin:
        answer = await admin.post("/desk/staff/nobody-of-this-name/disable")
        assert answer.status == 404
        assert 'name="next" value="/desk"' in await answer.text()


async def test_an_entry_that_cannot_be_kept_is_in_the_log(
    house: DeskHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes between the deed and its entry: the deed is answered, the log has it."""
    tries = 0

    async def gone(_: AuditEntry) -> None:
        nonlocal tries
        tries += 1
        raise StorageUnavailable("down")

    monkeypatch.setattr(gate, "PAUSES", (0.0, 0.0))
    async with house.visitor("admin") as admin:
        monkeypatch.setattr(house.kept.audit, "add", gone)
        with capture_logs() as logged:
            assert (await admin.post("/desk/staff/counter/disable")).status == 303
    (line,) = [line for line in logged if line["event"] == "audit_not_kept"]
    assert (line["by"], line["action"], line["alarm"]) == ("admin", "staff_disabled", True)
    assert tries == 2
