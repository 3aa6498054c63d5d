"""The one place where it is decided who gets in. Nothing is served that is not in the table."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.booking.office import Office
from bot.desk.accounts import Account
from bot.desk.audit import AuditEntry
from bot.desk.cookie import BrowserSession, Sessions
from bot.desk.csrf import is_from_here, is_same, sent_token
from bot.desk.house import Desk
from bot.desk.places import sign_in_for
from bot.desk.route import Route, StaffRoute
from bot.desk.sessions import SessionRecord
from bot.desk.visit import MenuItem, StaffVisit, Visit
from bot.dialogue.fields import fields_of
from bot.errors import StorageUnavailable

PAUSES: Final = (0.1, 0.3, 1.0)
"""Seconds after each failure to keep an entry of the audit."""

log = structlog.get_logger(__name__)


class Gate:
    """Lets requests in, by the table.

    Args:
        table: every route of the desk, in the order of the menu.
    """

    def __init__(self, desk: Desk, table: Sequence[Route]) -> None:
        self._desk = desk
        self._table = table
        self._sessions = Sessions(desk.kept.sessions, desk.clock, secure=desk.secure)

    def guarded(self, route: Route) -> Handler:
        """What aiohttp calls for a route."""

        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(route, request)

        return answer

    async def _answer(self, route: Route, request: web.Request) -> web.StreamResponse:
        visit: Visit | None = None
        try:
            session = await self._sessions.load(request)
            who = await self._who(session)
            visit = Visit(self._desk, request, session, who)
            response = await self._admitted(route, visit)
            if not response.prepared:  # a stream changes nothing
                await self._sessions.save(session, response)
        except web.HTTPNotFound:
            visit = visit or self._nobodys(request)
            response = visit.problem(404, "frame.not_found")
        except web.HTTPException:
            raise
        except StorageUnavailable as down:
            log.warning("desk_storage_down", path=request.path, reason=str(down))
            visit = visit or self._nobodys(request)
            response = visit.problem(503, "frame.storage_down")
        except Exception:  # our bug: the reader is told so, in words
            log.exception("desk_failed", path=request.path, alarm=True)
            visit = visit or self._nobodys(request)
            response = visit.problem(500, "frame.our_mistake")
        if visit.who is None and not response.prepared:
            self._keep_form_token(visit, response)
        return response

    def _nobodys(self, request: web.Request) -> Visit:
        """A request of which it could not be found out whose it is."""
        return Visit(self._desk, request, BrowserSession(None))

    async def _admitted(self, route: Route, visit: Visit) -> web.StreamResponse:
        if route.method == "POST" and not is_from_here(visit.request):
            return visit.problem(403, "frame.from_elsewhere")
        if isinstance(route, StaffRoute):
            return await self._for_staff(route, visit)
        if route.method == "POST" and not await self._has_token(visit):
            return visit.problem(403, "frame.old_form")
        return await route.handler(visit)

    async def _for_staff(self, route: StaffRoute, visit: Visit) -> web.StreamResponse:
        if visit.who is None:
            if route.method == "POST" or visit.wants_json or route.live:
                return visit.problem(401, "frame.signed_out")
            return visit.go(sign_in_for(visit.request.path_qs))
        office = self._office_of(visit.who, visit.session)
        if office is None:
            return visit.problem(403, "frame.no_role")
        staff = self._staff_visit(visit, visit.who, office)
        if not visit.who.roles_at(office.id) & route.roles:
            return staff.problem(403, "frame.not_your_role")
        if route.method == "POST" and not is_same(await sent_token(visit.request), staff.csrf):
            return staff.problem(403, "frame.old_form")
        return await self._handled(route, staff)

    async def _handled(self, route: StaffRoute, visit: StaffVisit) -> web.StreamResponse:
        """Let the page answer, and write down what was done."""
        if not route.live:
            self._sessions.touch(visit.session)
            visit.badges = await self._badges(visit)
        response = await route.handler(visit)
        if route.action and visit.done and response.status < 400:  # noqa: PLR2004 - of HTTP
            by, office = visit.who.login, visit.office.id
            entry = AuditEntry(visit.now, by, office, route.action, visit.subject)
            await self._write_down(entry)
        return response

    async def _badges(self, visit: StaffVisit) -> Mapping[str, int]:
        """What the menu says beside its titles, of the pages they may open."""
        if visit.request.method != "GET" or visit.wants_json:
            return {}
        there = {path for path, _ in visit.menu}
        return {
            route.path: await route.badge(visit)
            for route in self._table
            if isinstance(route, StaffRoute) and route.badge and route.path in there
        }

    async def _write_down(self, entry: AuditEntry) -> None:
        """Keep an entry of what is done already; if the database is gone by now, in the log."""
        for pause in PAUSES:
            try:
                await self._desk.kept.audit.add(entry)
            except StorageUnavailable:
                await asyncio.sleep(pause)
            else:
                return
        log.error("audit_not_kept", alarm=True, **{**fields_of(entry), "at": str(entry.at)})

    async def _who(self, session: BrowserSession) -> Account | None:
        """Who is signed in; a session that counts no more is ended."""
        account = await self._account_of(session.record) if session.record else None
        if account is None:
            session.end()
        return account

    async def _account_of(self, record: SessionRecord) -> Account | None:
        account = await self._desk.kept.accounts.load(record.login)
        if account is None or account.disabled or record.began_at < account.valid_from:
            return None
        return account

    def _office_of(self, who: Account, session: BrowserSession) -> Office | None:
        """The office they look at, or the first one where they have a role."""
        offices, record = self._desk.offices(), session.record
        own = who.offices_of(office.id for office in offices)
        if record and record.office in own:
            return offices.get(record.office)
        return offices.get(own[0]) if own else None

    def _staff_visit(self, visit: Visit, who: Account, office: Office) -> StaffVisit:
        roles = who.roles_at(office.id)
        menu: list[MenuItem] = [
            (route.path, route.menu)
            for route in self._table
            if isinstance(route, StaffRoute) and route.menu and roles & route.roles
        ]
        desk, request, session = visit.desk, visit.request, visit.session
        staff = StaffVisit(desk, request, session, who, office=office, menu=menu)
        record = session.record

        async def may_stay() -> bool:
            """Whether who follows a stream is still signed in, there, with the same roles."""
            found = await desk.kept.sessions.load(record.key) if record else None
            if found is None or found.is_over(desk.clock()):
                return False
            account = await self._account_of(found)
            if account is None or account.roles_at(office.id) != roles:
                return False
            there = self._office_of(account, BrowserSession(found))
            return there is not None and there.id == office.id

        staff.may_stay = may_stay
        return staff

    async def _has_token(self, visit: Visit) -> bool:
        """Whether an open form carries its token: the session's, whichever office it was opened
        at, or the one in the cookie that came with the form.
        """
        if visit.who is None and visit.token != visit.request.cookies.get(visit.form_cookie):
            return False
        token, _, _ = (await sent_token(visit.request)).partition(".")
        return is_same(token, visit.token)

    def _keep_form_token(self, visit: Visit, response: web.StreamResponse) -> None:
        if visit.request.cookies.get(visit.form_cookie) != visit.token:
            response.set_cookie(
                visit.form_cookie,
                visit.token,
                path="/",
                secure=self._desk.secure,
                httponly=True,
                samesite="Strict",
            )
