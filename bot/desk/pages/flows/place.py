"""Where the pages of flows are, and what all of them need."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.desk.drafts import Draft
from bot.desk.roles import EDITING
from bot.desk.visit import StaffVisit
from bot.drafting.troubles import NoDraft

FLOWS: Final = "/desk/flows"
HISTORY: Final = f"{FLOWS}/history"
DRAFTS: Final = f"{FLOWS}/drafts"
DRAFT: Final = DRAFTS + "/{draft}"
LONGEST_NOTE: Final = 400


def place_of(draft_id: str, *rest: str) -> str:
    """The address of a draft, or of something in it."""
    return "/".join([DRAFTS, quote(draft_id), *map(quote, rest)])


def may_edit(visit: StaffVisit) -> bool:
    """Whether who looks may change flows."""
    return bool(visit.who.roles_at(visit.office.id) & EDITING)


async def draft_of(visit: StaffVisit) -> Draft:
    """The draft the address names.

    Raises:
        web.HTTPNotFound: there is none any more.
    """
    try:
        return await visit.desk.workshop.edits.load(visit.request.match_info["draft"])
    except NoDraft:
        raise web.HTTPNotFound from None


def number_of(text: str) -> int:
    """A publication's number in a field or an address; 0 for what is none."""
    return int(text) if text.isdecimal() and len(text) < 9 else 0  # noqa: PLR2004 - digits


async def note_of(visit: StaffVisit) -> str:
    """The note in a form, on one line; empty if there is none, or it is too long."""
    note = " ".join((await visit.field("note")).split())
    return note if len(note) <= LONGEST_NOTE else ""
