"""What replies show, uploaded to Meta once and used again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.messages import Uploaded
from bot.dialogue.reply import Pdf, Picture, Reply
from bot.errors import StorageUnavailable, TryLater
from bot.picture import PDF, PictureOf, kind_of

KEPT = 1024
KEPT_FOR = timedelta(days=1)
"""Well below the 30 days an upload lives at Meta."""

log = structlog.get_logger(__name__)


class Uploads:
    """Uploads barcodes, pictures and documents, and remembers their media ids for a day.

    Args:
        render_barcode: code → PNG; run in a thread, drawing takes milliseconds.
        picture_of: gives out the pictures and documents replies bring.
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(
        self,
        graph: GraphClient,
        render_barcode: Callable[[str], bytes],
        picture_of: PictureOf,
        monotonic: Callable[[], float],
    ) -> None:
        self._graph = graph
        self._render_barcode = render_barcode
        self._picture_of = picture_of
        self._monotonic = monotonic
        self._ids: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    async def of(self, account: str, reply: Reply) -> Uploaded:
        """Media ids of all that a reply shows; a retry finds what was uploaded before.

        Raises:
            TryLater: it cannot be had or uploaded now.
            Undeliverable: Meta will never take it.
        """
        picture = document = ""
        if code := reply.barcode:
            picture = await self._once(account, code, lambda: self._drawn(code))
        elif shown := reply.picture:
            picture = await self._once(account, shown.sha256, lambda: self._kept(shown))
        if brought := reply.document:
            document = await self._once(account, brought.sha256, lambda: self._kept(brought))
        return Uploaded(picture, document)

    async def _once(
        self, account: str, shown: str, content: Callable[[], Awaitable[bytes | None]]
    ) -> str:
        """Media id of a content; empty when it is gone, and then the words alone are sent."""
        key, now = (account, shown), self._monotonic()
        if key in self._ids:
            media_id, uploaded = self._ids[key]
            if now - uploaded < KEPT_FOR.total_seconds():
                self._ids.move_to_end(key)
                return media_id
        found = await content()
        if found is None:
            return ""
        media_id = await self._graph.upload(account, found, kind_of(found) or PDF)
        self._ids[key] = (media_id, now)
        self._ids.move_to_end(key)
        while len(self._ids) > KEPT:
            self._ids.popitem(last=False)
        return media_id

    async def _drawn(self, code: str) -> bytes:
        return await asyncio.to_thread(self._render_barcode, code)

    async def _kept(self, file: Picture | Pdf) -> bytes | None:
        try:
            content = await self._picture_of(file.sha256)
        except StorageUnavailable as down:
            raise TryLater(f"the file cannot be had: {down}") from down
        if content is None:
            event = "picture_gone" if isinstance(file, Picture) else "document_gone"
            log.error(event, alarm=True, file=file.name)
        return content
