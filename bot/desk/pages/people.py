"""Who may sign in at the office, for its admin: adding people, roles, new passwords."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from aiohttp import web

from bot.desk.accounts import Account
from bot.desk.passwords import drawn_password
from bot.desk.roles import Role
from bot.desk.route import Route, StaffRoute
from bot.desk.staffing import NotChanged, add, change, may_manage, new_account, with_roles
from bot.desk.visit import StaffVisit

PATH = "/desk/staff"
ADMIN = frozenset({Role.ADMIN})


async def show(visit: StaffVisit) -> web.Response:
    """Everybody with a role at this office."""
    return await _page(visit)


async def added(visit: StaffVisit) -> web.Response:
    """Add somebody to this office; their password is shown once."""
    login, name = (await visit.field("login")).strip(), await visit.field("name")
    try:
        account = new_account(login, name, visit.office.id, await _roles(visit))
        password = drawn_password()
        hashed = await visit.desk.passwords.hash(password)
        await add(visit.desk.kept, replace(account, password_hash=hashed))
    except NotChanged as no:
        visit.done = False
        return await _page(visit, 422, visit.words(no.key), {"login": login, "name": name})
    visit.subject = f"account:{login}"
    return visit.page("people_password.html", account=account, password=password)


async def roles(visit: StaffVisit) -> web.Response:
    """Give and take roles at this office."""
    found, wanted = await _found(visit), await _roles(visit)
    if found.login == visit.who.login:
        return visit.problem(403, "people.not_yours")
    return await _change(visit, found, lambda: with_roles(found, visit.office.id, wanted))


async def password(visit: StaffVisit) -> web.Response:
    """Give somebody a new password, shown once; a form that is sent twice is done once."""
    found, drawn = await _found(visit), drawn_password()
    if not may_manage(visit.who, found):
        return visit.problem(403, "people.not_yours")
    hashed = await visit.desk.passwords.hash(drawn)
    done = await _change(visit, found, lambda: replace(found, password_hash=hashed))
    if not visit.subject:
        return done
    return visit.page("people_password.html", account=found, password=drawn)


async def disable(visit: StaffVisit) -> web.Response:
    """Sign somebody out at once, for good."""
    return await _set(visit, disabled=True)


async def enable(visit: StaffVisit) -> web.Response:
    """Let somebody sign in again."""
    return await _set(visit, disabled=False)


async def _set(visit: StaffVisit, *, disabled: bool) -> web.Response:
    found = await _found(visit)
    if not may_manage(visit.who, found):
        return visit.problem(403, "people.not_yours")
    return await _change(visit, found, lambda: replace(found, disabled=disabled))


async def _change(
    visit: StaffVisit, found: Account, changed: Callable[[], Account]
) -> web.Response:
    """Put a change of an account in its place, if it still is as the form showed it."""
    shown = await visit.field("revision")
    if shown and shown != str(found.revision):
        return visit.problem(409, "frame.changed_meanwhile")
    try:
        await change(visit.desk.kept, found, changed(), visit.now)
    except NotChanged as no:
        return visit.problem(409, no.key)
    visit.subject = f"account:{found.login}"
    return visit.go(PATH)


async def _found(visit: StaffVisit) -> Account:
    """Who the path names, at this office."""
    found = await visit.desk.kept.accounts.load(visit.request.match_info["login"])
    if found is None or not found.roles_at(visit.office.id):
        raise web.HTTPNotFound
    return found


async def _roles(visit: StaffVisit) -> frozenset[Role]:
    """Those of the form; what is none of ours does not count."""
    said = {str(each) for each in (await visit.request.post()).getall("role", [])}
    return frozenset(role for role in Role if role.value in said)


async def _page(
    visit: StaffVisit, status: int = 200, said: str = "", filled: Mapping[str, str] | None = None
) -> web.Response:
    office = visit.office.id
    everybody = await visit.desk.kept.accounts.everybody()
    rows = [
        (account, account.roles_at(office), account.roles.get(office, frozenset()),
         may_manage(visit.who, account), account.login != visit.who.login)
        for account in everybody
        if account.roles_at(office)
    ]  # fmt: skip
    return visit.page(
        "people.html",
        status,
        rows=rows,
        roles=list(Role),
        said=said,
        filled=filled or {"login": "", "name": ""},
    )


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", PATH, ADMIN, show, menu="people.menu"),
    StaffRoute("POST", PATH, ADMIN, added, action="staff_added"),
    StaffRoute("POST", PATH + "/{login}/roles", ADMIN, roles, action="roles_changed"),
    StaffRoute("POST", PATH + "/{login}/password", ADMIN, password, action="password_given"),
    StaffRoute("POST", PATH + "/{login}/disable", ADMIN, disable, action="staff_disabled"),
    StaffRoute("POST", PATH + "/{login}/enable", ADMIN, enable, action="staff_enabled"),
)
