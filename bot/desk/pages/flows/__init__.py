"""Where editors change what the bot says: drafts, their files, publishing them, the history."""

from __future__ import annotations

from bot.desk.pages.flows import drafts, editing, history, listing, publishing, replaying, talking
from bot.desk.route import Route

ROUTES: tuple[Route, ...] = (
    *listing.ROUTES,
    *history.ROUTES,
    *drafts.ROUTES,
    *publishing.ROUTES,
    *replaying.ROUTES,
    *talking.ROUTES,
    *editing.ROUTES,
)
