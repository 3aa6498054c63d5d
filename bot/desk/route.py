"""One line of the table of routes: who may ask for what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from aiohttp import web

from bot.desk.roles import Role

if TYPE_CHECKING:
    from bot.desk.visit import StaffVisit, Visit

Method: TypeAlias = Literal["GET", "POST"]


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """For whoever comes, signed in or not.

    Args:
        path: as aiohttp reads it, ``/display/{office}``.
        handler: answers; a POST has been checked for where it comes from.
    """

    method: Method
    path: str
    handler: Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class StaffRoute:
    """For who has one of ``roles`` at the office they look at.

    Args:
        path: as aiohttp reads it, ``/desk/staff/{login}``.
        handler: answers; a POST has been checked for where it comes from.
        action: of a POST: what the audit calls it, told by the sentence ``audit.ACTION``.
        menu: of a GET: the key of its title in the menu; empty for what is no page of its own.
        badge: of a GET in the menu: how many things wait there, shown beside its title.
        live: a stream, which keeps nobody signed in by itself.

    Raises:
        ValueError: nobody may ask for it, or a POST that would leave no trace.
    """

    method: Method
    path: str
    roles: frozenset[Role]
    handler: Callable[[StaffVisit], Awaitable[web.StreamResponse]]
    action: str = ""
    menu: str = ""
    badge: Callable[[StaffVisit], Awaitable[int]] | None = None
    live: bool = False

    def __post_init__(self) -> None:
        if not self.roles:
            raise ValueError(f"{self.path}: name the roles that may ask for it")
        if (self.method == "POST") != bool(self.action):
            raise ValueError(f"{self.path}: a POST, and only a POST, has an action for the audit")


Route: TypeAlias = OpenRoute | StaffRoute
