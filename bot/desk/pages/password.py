"""A password of one's own."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from bot.channels.address import address_of
from bot.desk.pages.signing import told
from bot.desk.passwords import why_weak
from bot.desk.roles import EVERYBODY
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit

PATH = "/desk/password"


async def ask(visit: StaffVisit) -> web.Response:
    """The form."""
    return visit.page("password.html", said="", changed="changed" in visit.request.query)


async def change(visit: StaffVisit) -> web.Response:
    """Take the new password for who knows the old one; all other sessions end."""
    old, new = await visit.field("old"), await visit.field("new")
    said = await _why_not(visit, old, new)
    if said:
        visit.done = False
        return visit.page("password.html", 422, said=said, changed=False)
    desk = visit.desk
    changed = replace(visit.who.ended(visit.now), password_hash=await desk.passwords.hash(new))
    if not await desk.kept.accounts.save(changed):
        return visit.problem(409, "frame.changed_meanwhile")
    await desk.kept.sessions.end_all(visit.who.login)
    visit.session.begin(visit.who.login, visit.office.id, desk.clock)
    visit.subject = f"account:{visit.who.login}"
    return visit.go(f"{PATH}?changed")


async def _why_not(visit: StaffVisit, old: str, new: str) -> str:
    """Why the password stays, in words; empty if it may be changed."""
    if new != await visit.field("again"):
        return visit.words("password.not_the_same")
    weak = why_weak(new, visit.who.login)
    if weak:
        return visit.words(weak)
    desk, login = visit.desk, visit.who.login
    address = address_of(visit.request, desk.proxies)
    wait = await desk.throttle.attempt(login, address, visit.now)
    if wait:
        return visit.words("sign_in.wait", time=told(visit, wait))
    if not await desk.passwords.verify(visit.who.password_hash, old):
        return visit.words("password.wrong")
    await desk.throttle.succeeded(login, address)
    return ""


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", PATH, EVERYBODY, ask),
    StaffRoute("POST", PATH, EVERYBODY, change, action="password_changed"),
)
