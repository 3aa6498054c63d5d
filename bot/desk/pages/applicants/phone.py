"""Proving that a WhatsApp number is one's own: a code goes there and comes back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from aiohttp import web

from bot.booking.office import Office
from bot.booking.phone import office_number
from bot.booking.reaching import spaced
from bot.desk.applicants import Applicants
from bot.desk.pages.applicants.door import door_of
from bot.desk.pages.applicants.offices import whatsapp_of
from bot.desk.pages.signing import told
from bot.desk.route import OpenRoute, Route
from bot.desk.throttle import Allowance, key_of
from bot.desk.visit import Visit
from bot.dialogue.reply import Reply, Template
from bot.dialogue.store import Proven
from bot.proving import Proving

PER_NUMBER: Final = Allowance(2, timedelta(hours=12), first=timedelta(minutes=5))
"""Codes to one number, whoever asks: some ten a day at most."""

PER_BROWSER: Final = Allowance(3, timedelta(hours=12), first=timedelta(minutes=2))

PER_PLACE: Final = Allowance(20, timedelta(hours=12), first=timedelta(minutes=1))
"""Of one network address, which a town may share."""

LONGEST_FIELD: Final = 40


async def ask(visit: Visit) -> web.Response:
    """The form for a number, and the number that was proven."""
    door, _ = _proving(visit)
    cookie = door.visitors.cookie(visit.request)
    proven = (await door.visitors.heard_from(cookie, "")).proven if cookie else None
    done = visit.request.query.get("done", "") == "proven"
    answer = _form(visit, proven=proven, done=done)
    door.visitors.greet(visit.request, answer)
    return answer


async def send(visit: Visit) -> web.Response:
    """Have a code sent; the answer is the same whether the number is known or not."""
    door, proving = _proving(visit)
    cookie = door.visitors.cookie(visit.request)
    if not cookie:
        return visit.problem(400, "frame.old_form")
    written = (await visit.field("phone")).strip()[:LONGEST_FIELD]
    phone, office = office_number(written), visit.desk.offices().get(await visit.field("office"))
    if phone is None or office is None or not office.numbers:
        return _form(visit, 400, said=visit.words("phone.no_number"), written=written)
    visitor = (await door.visitors.heard_from(cookie, "")).sender
    keys = (
        (key_of("code-to", phone), PER_NUMBER),
        (key_of("code-by", visitor), PER_BROWSER),
        (key_of("code-from", door.crowd.place(visit.request)), PER_PLACE),
    )
    if wait := await visit.desk.throttle.counted(keys, visit.now):
        said = visit.words("sign_in.wait", time=told(visit, wait))
        answer = _form(visit, 429, said=said, written=written)
        answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return answer
    await proving.ask(cookie, visitor, office.id, phone, partial(_message, visit, office))
    return visit.go("/phone/code")


async def wait(visit: Visit) -> web.Response:
    """The form for the code, and what to do when none comes."""
    door, proving = _proving(visit)
    cookie = door.visitors.cookie(visit.request)
    visitor = (await door.visitors.heard_from(cookie, "")).sender if cookie else ""
    pending = (await proving.of(visitor)).pending if visitor else None
    if pending is None:
        return visit.go("/phone")
    return _code_form(visit, pending.phone, pending.office)


async def prove(visit: Visit) -> web.Response:
    """Take the code back."""
    door, proving = _proving(visit)
    cookie = door.visitors.cookie(visit.request)
    if not cookie:
        return visit.problem(400, "frame.old_form")
    visitor = (await door.visitors.heard_from(cookie, "")).sender
    code = "".join(sign for sign in await visit.field("code") if sign.isdecimal())
    found = await proving.prove(cookie, visitor, code)
    if isinstance(found, Proven):
        return visit.go("/phone?done=proven")
    pending = (await proving.of(visitor)).pending
    said = visit.words(f"no_proof.{found.value}")
    if pending is None:
        return _form(visit, 409, said=said)
    return _code_form(visit, pending.phone, pending.office, 409, said=said)


def _proving(visit: Visit) -> tuple[Applicants, Proving]:
    door = door_of(visit)
    if door.proving is None:
        raise web.HTTPNotFound
    return door, door.proving


def _form(
    visit: Visit,
    status: int = 200,
    *,
    said: str = "",
    written: str = "",
    proven: Proven | None = None,
    done: bool = False,
) -> web.Response:
    return visit.page(
        "phone.html",
        status,
        said=said,
        written=written,
        proven=spaced(proven.phone) if proven else "",
        done=done,
        numbered=[office for office in visit.desk.offices() if office.numbers],
    )


def _code_form(
    visit: Visit, phone: str, office_id: str, status: int = 200, *, said: str = ""
) -> web.Response:
    office = visit.desk.offices().get(office_id)
    hello = visit.words("phone.hello")
    return visit.page(
        "phone_code.html",
        status,
        said=said,
        phone=spaced(phone),
        at=office,
        whatsapp=whatsapp_of(office, hello) if office else "",
    )


def _message(visit: Visit, office: Office, code: str) -> Reply:
    """What brings the code, in the page's language."""
    text = visit.words("phone.message", code=code, office=office.short_name)
    return Reply(text, template=Template("", visit.words.language))


ROUTES: tuple[Route, ...] = (
    OpenRoute("GET", "/phone", ask),
    OpenRoute("POST", "/phone", send),
    OpenRoute("GET", "/phone/code", wait),
    OpenRoute("POST", "/phone/code", prove),
)
