"""A booking's card to keep or print, by this browser's own cookie or by code; and cancelling it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from aiohttp import web

from bot.booking.card import card
from bot.booking.life import APPLICANT, UPCOMING, Act, SeatState, Step
from bot.booking.reminding import Reminders
from bot.booking.seats import Seat
from bot.booking.showing import Shown, give_up, shown_booking
from bot.channels.media import barcode_path
from bot.desk.csrf import new_token
from bot.desk.pages.applicants.dates import KEY
from bot.desk.pages.applicants.door import door_of
from bot.desk.pages.applicants.offices import whatsapp_of, where
from bot.desk.pages.signing import told
from bot.desk.route import OpenRoute, Route
from bot.desk.throttle import PER_ADDRESS, Allowance, key_of
from bot.desk.visit import Visit
from bot.dialogue.store import Contact

PER_CODE: Final = Allowance(5, timedelta(minutes=15))
LONGEST_FIELD: Final = 200
FIELDS: Final = ("code", "born", "name")


@dataclass(frozen=True, slots=True)
class CardShown:
    """A booking as the page shows it.

    Args:
        state: of the booking; ``late`` for who did not come in time.
    """

    card: Mapping[str, Any]
    state: str
    barcode: str
    where: str
    whatsapp: str
    may_cancel: bool
    key: str


async def ask(visit: Visit) -> web.Response:
    """The bookings of this browser, and the form for a code; two finds by sender at most."""
    seats = await _own(visit)
    return visit.page(
        "booking.html",
        cards=[_shown(visit, seat) for seat in seats],
        own=True,
        said="",
        filled=dict.fromkeys(FIELDS, ""),
        done=visit.request.query.get("done", "") == "cancelled",
    )


async def find(visit: Visit) -> web.Response:
    """The booking of a code and what goes with it; nothing is told of the code alone."""
    door_of(visit)
    filled = await _filled(visit)
    shown = Shown(filled["code"], _date(filled["born"]), filled["name"])
    if not filled["code"] or not (shown.born or shown.name):
        return _again(visit, 400, filled, visit.words("booking.both"))
    if wait := await _counted(visit, shown):
        answer = _again(visit, 429, filled, visit.words("sign_in.wait", time=told(visit, wait)))
        answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return answer
    seat = await shown_booking(visit.desk.queue(), shown)
    if seat is None:
        return _again(visit, 404, filled, visit.words("booking.unknown"))
    await _was_right(visit, shown)
    cards = [_shown(visit, seat)]
    return visit.page("booking.html", cards=cards, own=False, said="", filled=filled, done=False)


async def cancel(visit: Visit) -> web.Response:
    """Free the seat, as far as its office lets applicants; once a form."""
    door_of(visit)
    filled, queue = await _filled(visit), visit.desk.queue()
    key, seat_id = await visit.field("key"), (await visit.field("seat"))[:LONGEST_FIELD]
    if not KEY.fullmatch(key):
        return visit.problem(400, "frame.old_form")
    done = visit.go("/booking?done=cancelled")
    before = await queue.seats.seat(seat_id)
    if before and before.took(Step.CANCELLED, await queue.seats.pseudonym(_act(key))):
        return done
    own = [each for each in await _own(visit) if each.booking_code == filled["code"]]
    shown = Shown(filled["code"], _date(filled["born"]), filled["name"])
    if not own and (wait := await _counted(visit, shown)):
        return visit.problem(429, "sign_in.wait", time=told(visit, wait))
    seat = own[0] if own else await shown_booking(queue, shown)
    if seat is None or seat.claim is None or seat.id != seat_id:
        return visit.problem(404, "booking.unknown")
    act = Act(_act(key), APPLICANT, seat.claim.applicant.sender)
    family = [each for each in await queue.family_of(seat) if each.state in UPCOMING]
    rest = [(each.id, each.key) for each in family if each.id != seat.id]
    reminders = Reminders(visit.desk.stores.notices)
    theirs, first = (seat.id, seat.key), rest[0] if rest else None
    if not await give_up(queue, reminders, theirs, act, visit.now, first):
        return visit.problem(409, "booking.not_cancelled")
    return done


async def _filled(visit: Visit) -> dict[str, str]:
    return {name: (await visit.field(name)).strip()[:LONGEST_FIELD] for name in FIELDS}


def _again(visit: Visit, status: int, filled: Mapping[str, str], said: str) -> web.Response:
    return visit.page(
        "booking.html", status, cards=(), own=False, said=said, filled=filled, done=False
    )


def _act(key: str) -> str:
    return f"page/{key}"


async def _own(visit: Visit) -> list[Seat]:
    """The bookings still to come of who holds this browser's cookie."""
    door, queue = door_of(visit), visit.desk.queue()
    cookie = door.visitors.cookie(visit.request)
    if not cookie:
        return []
    contact = await door.visitors.heard_from(cookie, "")
    seats = [seat for each in _addresses(contact) for seat in await queue.seats.of_sender(each)]
    return [seat for seat in seats if seat.state in UPCOMING and queue.is_active(seat, visit.now)]


def _addresses(contact: Contact) -> Sequence[str]:
    return (contact.address, *contact.also_addresses)


def _keys(visit: Visit, shown: Shown) -> tuple[tuple[str, Allowance], tuple[str, Allowance]]:
    """Under which guesses are counted: the code, however it is written, and the address."""
    code = "".join(sign for sign in shown.code.upper() if sign.isalnum())
    place = door_of(visit).crowd.place(visit.request)
    return (key_of("booking", code), PER_CODE), (key_of("booking-from", place), PER_ADDRESS)


async def _counted(visit: Visit, shown: Shown) -> timedelta:
    return await visit.desk.throttle.counted(_keys(visit, shown), visit.now)


async def _was_right(visit: Visit, shown: Shown) -> None:
    (code, _), (place, _) = _keys(visit, shown)
    await visit.desk.throttle.take_back(code, all_of_them=True)
    await visit.desk.throttle.take_back(place, all_of_them=False)


def _shown(visit: Visit, seat: Seat) -> CardShown:
    queue = visit.desk.queue()
    office = queue.office(seat.office)
    booked = seat.state is SeatState.BOOKED
    late = queue.is_late(seat, visit.now)
    past = booked and seat.day < office.today(visit.now)
    return CardShown(
        card=card(seat, office),
        state="late" if late or past else seat.state.value,
        barcode=barcode_path(seat.booking_code),
        where=where(office),
        whatsapp=whatsapp_of(office),
        may_cancel=booked and queue.may_cancel(office, seat.day, visit.now),
        key=new_token(),
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ROUTES: tuple[Route, ...] = (
    OpenRoute("GET", "/booking", ask),
    OpenRoute("POST", "/booking", find),
    OpenRoute("POST", "/booking/cancel", cancel),
)
