"""Where conversations are, and who may read them."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.desk.roles import Role
from bot.desk.visit import StaffVisit
from bot.dialogue.store import Stored

PATH: Final = "/desk/conversations"
ONE: Final = PATH + "/{handle}"

SUPERVISORS: Final = frozenset({Role.SUPERVISOR})
"""What people write is for who answers for the office; the counter needs names and codes alone."""


async def stored_of(visit: StaffVisit) -> Stored:
    """The conversation of the path, if it is one of the office they look at.

    Raises:
        web.HTTPNotFound: it is not there, or another office's.
    """
    id_ = visit.desk.kept.handles.opened(visit.request.match_info["handle"])
    stored = await visit.desk.stores.conversations.load(id_) if id_ else None
    if stored is None or stored.contact.office != visit.office.id:
        raise web.HTTPNotFound
    return stored


def place_of(visit: StaffVisit, conversation_id: str) -> str:
    """The page of a conversation; its address holds no telephone number."""
    return f"{PATH}/{visit.desk.kept.handles.of(conversation_id)}"
