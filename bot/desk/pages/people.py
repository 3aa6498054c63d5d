"""Who may sign in at the office, for its admin."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from bot.desk.accounts import Account
from bot.desk.roles import EVERY_OFFICE, Role
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit

PATH = "/desk/staff"
ADMIN = frozenset({Role.ADMIN})


async def show(visit: StaffVisit) -> web.Response:
    """Everybody with a role at this office."""
    everybody = await visit.desk.kept.accounts.everybody()
    rows = [
        (account, sorted(account.roles_at(visit.office.id)), may_manage(visit.who, account))
        for account in everybody
        if account.roles_at(visit.office.id)
    ]
    return visit.page("people.html", rows=rows)


async def disable(visit: StaffVisit) -> web.Response:
    """Sign somebody out at once, for good."""
    return await _set(visit, disabled=True)


async def enable(visit: StaffVisit) -> web.Response:
    """Let somebody sign in again."""
    return await _set(visit, disabled=False)


def may_manage(admin: Account, other: Account) -> bool:
    """Whether ``admin`` answers for every office where ``other`` has a role; never for oneself."""
    if other.login == admin.login:
        return False
    if Role.ADMIN in admin.roles.get(EVERY_OFFICE, ()):
        return True
    return all(Role.ADMIN in admin.roles.get(office, ()) for office in other.roles)


async def _set(visit: StaffVisit, *, disabled: bool) -> web.Response:
    desk, login = visit.desk, visit.request.match_info["login"]
    found = await desk.kept.accounts.load(login)
    if found is None or not found.roles_at(visit.office.id):
        raise web.HTTPNotFound
    if not may_manage(visit.who, found):
        return visit.problem(403, "people.not_yours")
    changed = replace(found.ended(visit.now), disabled=disabled)
    if not await desk.kept.accounts.save(changed):
        return visit.problem(409, "frame.changed_meanwhile")
    await desk.kept.sessions.end_all(login)
    visit.subject = f"account:{login}"
    return visit.go(PATH)


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", PATH, ADMIN, show, menu="people.menu"),
    StaffRoute("POST", PATH + "/{login}/disable", ADMIN, disable, action="staff_disabled"),
    StaffRoute("POST", PATH + "/{login}/enable", ADMIN, enable, action="staff_enabled"),
)
