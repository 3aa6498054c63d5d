"""Conversations: which there are, what was said, and what a member of staff does in one."""

from __future__ import annotations

from bot.desk.pages.conversations import deeds, listing, one
from bot.desk.route import Route

ROUTES: tuple[Route, ...] = (*listing.ROUTES, *one.ROUTES, *deeds.ROUTES)
