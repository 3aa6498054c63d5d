"""Signing in and out."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import structlog
from aiohttp import web

from bot.channels.address import address_of
from bot.desk.accounts import LOGIN, Account
from bot.desk.audit import AuditEntry
from bot.desk.house import Desk
from bot.desk.passwords import LONGEST
from bot.desk.places import HOME, SIGN_IN, within
from bot.desk.roles import EVERYBODY
from bot.desk.route import OpenRoute, Route, StaffRoute
from bot.desk.sessions import IDLE
from bot.desk.visit import StaffVisit, Visit

log = structlog.get_logger(__name__)


async def ask(visit: Visit) -> web.Response:
    """The sign-in page; who is signed in goes on."""
    wanted = within(visit.request.query.get("next", HOME))
    if visit.who:
        return visit.go(wanted)
    return visit.page("sign_in.html", wanted=wanted, login="", said="")


async def sign_in(visit: Visit) -> web.Response:
    """Take login and password; the same answer for a wrong one of either."""
    login = (await visit.field("login")).strip().lower()
    password, wanted = await visit.field("password"), within(await visit.field("next"))
    desk, address = visit.desk, address_of(visit.request, visit.desk.proxies)

    def refused(status: int, said: str) -> web.Response:
        return visit.page("sign_in.html", status, wanted=wanted, login=login, said=said)

    wait = await desk.throttle.attempt(login, address, visit.now)
    if wait:
        log.warning("desk_sign_in_throttled", seconds=math.ceil(wait.total_seconds()))
        answer = refused(429, visit.words("sign_in.wait", time=told(visit, wait)))
        answer.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
        return answer
    account = await _account(desk, login, password)
    if account is None:
        return refused(401, visit.words("sign_in.wrong"))
    await desk.throttle.succeeded(login, address)
    await desk.kept.sessions.purge(visit.now - IDLE)
    await desk.throttle.purge(visit.now)
    office = next(iter(account.offices_of(office.id for office in desk.offices())), "")
    visit.session.begin(account.login, office, desk.clock)
    await desk.kept.audit.add(AuditEntry(visit.now, account.login, office, "signed_in"))
    return visit.go(wanted)


async def sign_out(visit: StaffVisit) -> web.Response:
    """Leave; the session is over at the server, too."""
    visit.session.end()
    return visit.go(SIGN_IN)


def told(visit: Visit, wait: timedelta) -> str:
    """``40 detik``, ``3 menit``: rounded up."""
    seconds = math.ceil(wait.total_seconds())
    if seconds <= 60:  # noqa: PLR2004 - a minute
        return visit.words("sign_in.seconds", n=seconds)
    return visit.words("sign_in.minutes", n=math.ceil(seconds / 60))


async def _account(desk: Desk, login: str, password: str) -> Account | None:
    """Whose login and password these are; takes as long when there is no such account."""
    found = await desk.kept.accounts.load(login) if LOGIN.fullmatch(login) else None
    able = found if found and not found.disabled else None
    if not await desk.passwords.verify(able.password_hash if able else None, password[:LONGEST]):
        return None
    if able and desk.passwords.is_outdated(able.password_hash):
        # A lost race leaves the old hash, which is tried again at the next sign-in.
        fresh = await desk.passwords.hash(password)
        await desk.kept.accounts.save(replace(able, password_hash=fresh))
    return able


ROUTES: tuple[Route, ...] = (
    OpenRoute("GET", SIGN_IN, ask),
    OpenRoute("POST", SIGN_IN, sign_in),
    StaffRoute("POST", "/desk/sign-out", EVERYBODY, sign_out, action="signed_out"),
)
