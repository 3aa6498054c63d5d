"""The counter: today's queue, who is at my counter, checking in, and walk-in numbers."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias, get_args

from aiohttp import web

from bot.booking.codes import read_booking_code
from bot.booking.counter import NoNumber, TurnedAway
from bot.booking.hall import Hall, Stage, can_undo, is_over, stage_of
from bot.booking.rules import WalkInKind
from bot.booking.seats import Seat
from bot.desk.pages.deeds import PATH, act_of, back, hall_of, tell
from bot.desk.pages.deeds import ROUTES as DEEDS
from bot.desk.roles import AT_THE_COUNTER
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.desk.words import FIRST, table_of

KINDS: Final[tuple[WalkInKind, ...]] = get_args(WalkInKind)
LAST_COUNTER: Final = 99
AT_COUNTER: Final = frozenset({Stage.CALLED, Stage.ATTENDED})

Row: TypeAlias = tuple[str, str, str, str, str]
"""Number, name, stage, what it is called, and where."""


async def show(visit: StaffVisit) -> web.Response:
    """The whole page."""
    return visit.page("queue.html", **await _shown(visit))


async def part(visit: StaffVisit) -> web.Response:
    """What of it changes by itself, for its script."""
    return visit.page("queue_part.html", **await _shown(visit))


async def live(visit: StaffVisit) -> web.StreamResponse:
    """Tells that something has changed; the page then asks for :func:`part`. One look by id."""
    office, desk = visit.office, visit.desk

    async def look() -> Mapping[str, int]:
        board = await desk.stores.calls.board(office.id, office.today(desk.clock()))
        return {"revision": board.revision}

    return await visit.stream(f"queue/{office.id}", look)


async def sit(visit: StaffVisit) -> web.Response:
    """Choose the counter one works at."""
    typed = (await visit.field("counter")).strip()
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 2 else 0  # noqa: PLR2004 - digits
    if not 0 < number <= LAST_COUNTER:
        visit.done = False
        return back(no="no_such_counter")
    visit.session.sit_at(number)
    visit.subject = f"counter:{number}"
    return back()


async def check_in(visit: StaffVisit) -> web.Response:
    """Let in who shows a code, typed or scanned."""
    prefixes = visit.desk.offices().prefixes
    code = read_booking_code((await visit.field("code"))[:60], prefixes)
    if code is None:
        visit.done = False
        return back(no="no_code")
    found = await hall_of(visit).check_in(code, await act_of(visit, code), visit.now)
    if isinstance(found, TurnedAway):
        visit.done = False
        return back(_label_here(visit, found.seat), no=found.why.value, **_where(found.seat))
    tell(visit, found)
    return back(found.label, did="checked_in")


async def walk_in(visit: StaffVisit) -> web.Response:
    """Give a number to somebody who queues by hand."""
    asked = await visit.field("kind")
    kind = next((kind for kind in KINDS if kind == asked), None)
    if kind is None:
        visit.done = False
        return back(no=NoNumber.NOT_FOR.value)
    given = await hall_of(visit).walk_in(kind, await act_of(visit, "walk_in"), visit.now)
    if isinstance(given, NoNumber):
        visit.done = False
        return back(no=given.value)
    tell(visit, given)
    return visit.go(f"{PATH}/ticket/{given.label}")


async def ticket(visit: StaffVisit) -> web.Response:
    """A walk-in number on paper."""
    seat = await hall_of(visit).find(visit.request.match_info["number"], visit.now)
    if seat is None or seat.walk_in is None:
        raise web.HTTPNotFound
    paper = "a6" if visit.request.query.get("paper") == "a6" else "80"
    given = seat.trail[0].at.astimezone(visit.zone)
    return visit.page("ticket.html", seat=seat, paper=paper, given=given)


async def photo(visit: StaffVisit) -> web.Response:
    """The picture somebody sent of their card, as long as it is kept."""
    seat = await hall_of(visit).find(visit.request.match_info["number"], visit.now)
    sha256 = _photo_of(seat)
    found = await visit.desk.stores.photos.get(sha256) if sha256 else None
    if found is None:
        raise web.HTTPNotFound
    return web.Response(body=found.content, content_type=found.mime)


async def _shown(visit: StaffVisit) -> Mapping[str, Any]:
    """Three finds by index: today's bookings, the walk-in line, the board."""
    hall, now, query = hall_of(visit), visit.now, visit.request.query
    board = await hall.board(now)
    everybody = await hall.everybody(now)
    sought, wanted = query.get("q", "").strip()[:60], query.get("n", "")
    counter = visit.session.record.counter if visit.session.record else 0
    mine = next((s for s in everybody if counter and s.counter == counter and _is_here(s)), None)
    seen = next((seat for seat in everybody if seat.label == wanted and seat != mine), None)
    listed = [seat for seat in everybody if matches(seat, sought)]
    shown = listed if sought or "all" in query else [s for s in listed if not is_over(s)]
    count = Counter(stage_of(seat) for seat in everybody)
    return {
        "revision": board.revision,
        "key": secrets.token_urlsafe(12),
        "counter": counter,
        "mine": _person(mine, everybody, hall, visit),
        "seen": _person(seen, everybody, hall, visit),
        "groups": _by_hour(shown, visit),
        "stage_of": stage_of,
        "figures": [(stage.value, count[stage]) for stage in Stage],
        "waiting": count[Stage.WAITING],
        "left_out": len(listed) - len(shown),
        "sought": sought,
        "kinds": [kind for kind in KINDS if kind in visit.office.walk_in_for]
        if visit.office.walk_in_seats
        else [],
        "reasons": [
            reason.get(visit.words.language) or next(iter(reason.values()))
            for reason in visit.office.reject_reasons
        ],
        "did": _known("did", query.get("did", "")),
        "no": _known("no", query.get("no", "")),
        "no_where": _told_where(visit),
    }


def _person(
    seat: Seat | None, everybody: Sequence[Seat], hall: Hall, visit: StaffVisit
) -> Mapping[str, Any] | None:
    """Somebody as the page shows them large."""
    if seat is None:
        return None
    group = seat.claim.group if seat.claim else ""
    return {
        "seat": seat,
        "stage": stage_of(seat),
        "family": [s for s in everybody if group and s.claim and s.claim.group == group],
        "photo": bool(_photo_of(seat)),
        "absent": hall.is_absent(seat, visit.now),
        "undo": can_undo(seat, visit.now),
    }


def _by_hour(seats: Sequence[Seat], visit: StaffVisit) -> Mapping[str, Sequence[Row]]:
    """Bookings by their hour, ``08.00``; walk-in numbers last, under none."""
    groups: dict[str, list[Row]] = {}
    t = visit.words
    told = {stage: t(f"stage.{stage}") for stage in Stage}
    for seat in seats:
        hour = "" if seat.walk_in else t.hour(seat.hour)
        stage, name = stage_of(seat), seat.claim.applicant.name if seat.claim else ""
        if stage is None:
            continue
        here = seat.counter and stage in AT_COUNTER
        row = (
            seat.label,
            t(f"by_hand.{seat.walk_in.kind}") if seat.walk_in else name,
            stage.value,
            told[stage],
            " " + t("queue.at_counter", counter=seat.counter) if here else "",
        )
        groups.setdefault(hour, []).append(row)
    return groups


def matches(seat: Seat, sought: str) -> bool:
    """Whether somebody may be meant: a part of the name or of the code, or the number."""
    if not sought:
        return True
    text = sought.casefold()
    name = seat.claim.applicant.name.casefold() if seat.claim else ""
    code, bare = seat.booking_code.replace("-", "").casefold(), text.replace("-", "")
    return text in name or (len(bare) > 2 and bare in code) or text == seat.label.casefold()  # noqa: PLR2004 - two characters stand in most codes


def _is_here(seat: Seat) -> bool:
    return stage_of(seat) in AT_COUNTER


def _photo_of(seat: Seat | None) -> str:
    return seat.claim.applicant.details.get("photo", "") if seat and seat.claim else ""


def _label_here(visit: StaffVisit, seat: Seat | None) -> str:
    """The number of who is turned away, if it is one of today here."""
    here = seat and (seat.office, seat.day) == (visit.office.id, visit.office.today(visit.now))
    return seat.label if seat and here else ""


def _where(seat: Seat | None) -> Mapping[str, str]:
    """Which day or office a code is for; that is nobody's secret."""
    if seat is None:
        return {}
    return {"day": seat.day.isoformat(), "office": seat.office}


def _told_where(visit: StaffVisit) -> Mapping[str, str]:
    """What :func:`_where` said, in words."""
    query = visit.request.query
    office = visit.desk.offices().get(query.get("office", ""))
    try:
        day = visit.words.day(date.fromisoformat(query.get("day", "")))
    except ValueError:
        day = ""
    return {"day": day, "office": office.short_name if office else ""}


def _known(part: str, key: str) -> str:
    """A key of the address, if there is a sentence for it."""
    return key if f"{part}.{key}" in table_of(FIRST) else ""


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", PATH, AT_THE_COUNTER, show, menu="queue.menu"),
    StaffRoute("GET", f"{PATH}/part", AT_THE_COUNTER, part),
    StaffRoute("GET", f"{PATH}/live", AT_THE_COUNTER, live, live=True),
    StaffRoute("GET", PATH + "/photo/{number}", AT_THE_COUNTER, photo),
    StaffRoute("GET", PATH + "/ticket/{number}", AT_THE_COUNTER, ticket),
    StaffRoute("POST", f"{PATH}/counter", AT_THE_COUNTER, sit, action="counter_chosen"),
    StaffRoute("POST", f"{PATH}/check-in", AT_THE_COUNTER, check_in, action="checked_in"),
    StaffRoute("POST", f"{PATH}/walk-in", AT_THE_COUNTER, walk_in, action="walked_in"),
    *DEEDS,
)
