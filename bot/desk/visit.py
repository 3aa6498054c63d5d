"""One request to the desk: who asks, in which language, and how they are answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.booking.life import staff
from bot.booking.office import Office
from bot.channels.web.visitor import LANGUAGE_COOKIE
from bot.desk.accounts import Account
from bot.desk.cookie import BrowserSession
from bot.desk.csrf import TOKEN, new_token
from bot.desk.headers import is_applicants
from bot.desk.house import Desk
from bot.desk.places import HOME
from bot.desk.streams import Look
from bot.desk.words import LANGUAGES, Words

FORM_COOKIE = "antre_form"
MenuItem = tuple[str, str]
"""Path, and key of the sentence that names it."""


async def _always() -> bool:
    return True


class Visit:
    """A request of whoever comes.

    Args:
        who: is signed in; ``None`` for who is not.
    """

    def __init__(
        self, desk: Desk, request: web.Request, session: BrowserSession, who: Account | None = None
    ) -> None:
        self.desk = desk
        self.request = request
        self.session = session
        self.who = who
        self.words = Words(request.cookies.get(LANGUAGE_COOKIE, ""))
        self.now = desk.clock()
        self.may_stay: Callable[[], Awaitable[bool]] = _always
        record = session.record if who else None
        held = request.cookies.get(self.form_cookie, "")
        self.token = record.csrf if record else held if TOKEN.fullmatch(held) else new_token()
        """Of the session, or of the browser that is not signed in."""

    @property
    def form_cookie(self) -> str:
        """Name of the cookie that holds the token of forms until somebody signs in."""
        return f"__Host-{FORM_COOKIE}" if self.desk.secure else FORM_COOKIE

    @property
    def csrf(self) -> str:
        """What the forms of this page carry."""
        return self.token

    async def field(self, name: str) -> str:
        """A text of the form that was sent; empty if it is not there."""
        value = (await self.request.post()).get(name, "")
        return value if isinstance(value, str) else ""

    def page(self, template: str, status: int = 200, **context: Any) -> web.Response:
        """A page in the reader's language.

        Args:
            template: under ``templates/``.
            context: what it shows, beside what every page may show (:meth:`common`).
        """
        return render_template(template, self.request, {**self.common(), **context}, status=status)

    def common(self) -> Mapping[str, Any]:
        """What every template may show."""
        return {
            "t": self.words,
            "languages": LANGUAGES,
            "csrf": self.csrf,
            "path": self.request.path,
            "layout": "applicants.html" if is_applicants(self.request.path) else "layout.html",
            "here": self.request.path_qs if self.request.method == "GET" else HOME,
            "proving": bool(self.desk.applicants and self.desk.applicants.proving),
            "demo": self.desk.demo,
            "who": self.who,
            "office": None,
            "offices": (),
            "menu": (),
            "badges": {},
        }

    def go(self, place: str) -> web.Response:
        """Send the browser on to a path of ours; a script is told ``{"go": place}``."""
        if self.wants_json:
            return web.json_response({"go": place})
        return web.Response(status=303, headers={"Location": place})

    def problem(self, status: int, key: str, **values: Any) -> web.Response:
        """Say no: in a page, or as ``{"error": …}`` to a script that wants JSON.

        Args:
            key: of the sentence that says what is wrong and what to do.
        """
        said = self.words(key, **values)
        if self.wants_json:
            return web.json_response({"error": said}, status=status)
        return self.page("problem.html", status, said=said)

    @property
    def wants_json(self) -> bool:
        """Whether a script asks."""
        return self.request.headers.get("Accept", "").startswith("application/json")

    async def stream(self, topic: str, look: Look) -> web.StreamResponse:
        """Send what ``look`` returns whenever it changes, as long as the page stays open."""
        return await self.desk.streams.serve(self.request, topic, look, self.may_stay)


class StaffVisit(Visit):
    """A request of who is signed in and may make it.

    Args:
        office: the one they look at and have the role at.
        menu: the pages they may open.
    """

    who: Account

    def __init__(
        self,
        desk: Desk,
        request: web.Request,
        session: BrowserSession,
        who: Account,
        *,
        office: Office,
        menu: Sequence[MenuItem],
    ) -> None:
        super().__init__(desk, request, session, who)
        self.office = office
        self.menu = menu
        self.subject = ""
        """What the audit says it was done to, ``seat:bogor/2026-11-24/17``; handlers set it."""
        self.badges: Mapping[str, int] = {}
        """How many things wait behind entries of the menu, by path."""
        self.done = True
        """Whether a POST did anything; a handler that refuses says ``False``."""

    @property
    def csrf(self) -> str:
        """See :class:`Visit`; with the office, so that a form that was opened before another office
        was chosen does nothing there.
        """
        return f"{self.token}.{self.office.id}"

    @property
    def by(self) -> str:
        """Who does it, as trails of seats and people say: :class:`~bot.booking.life.Act`."""
        return staff(self.who.login)

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return self.office.zone

    def common(self) -> Mapping[str, Any]:
        """See :class:`Visit`; with the office, those to switch to, and the menu."""
        offices = self.desk.offices()
        own = self.who.offices_of(office.id for office in offices)
        return {
            **super().common(),
            "office": self.office,
            "offices": [office for office in offices if office.id in own],
            "menu": self.menu,
            "badges": self.badges,
            "zone": self.zone,
        }
