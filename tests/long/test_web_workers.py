"""`antre serve --workers`: pages of one browser, dealt out to two processes."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import ClientSession, ClientWebSocketResponse

from bot.graph_stub.server import GraphStandIn
from tests.long.test_workers import two_workers

PAGES = 5


async def until_shown(page: ClientWebSocketResponse, text: str) -> None:
    """Read a page until the applicant's own message stands in it."""
    while True:
        frame = await page.receive_json(timeout=10)
        if text in [(turn["message"] or {}).get("text") for turn in frame.get("turns", ())]:
            return


async def test_every_page_sees_what_was_said_in_another(
    graph: GraphStandIn, models: Path, tmp_path: Path
) -> None:
    """Whichever of the two processes a page is open at: it does not have to ask anything itself."""
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(two_workers(graph, models, tmp_path))
        http = await stack.enter_async_context(
            ClientSession(service.url, headers={"Origin": service.url.replace("http:", "https:")})
        )
        async with http.get("/chat") as answer:
            [cookie] = [each for each in answer.cookies.values() if "visitor" in each.key]
        theirs = {"Cookie": f"{cookie.key}={cookie.value}"}
        pages = [
            await stack.enter_async_context(
                http.ws_connect("/chat/socket?office=jakarta_pusat", headers=theirs)
            )
            for _ in range(PAGES)
        ]
        for number, page in enumerate(pages):
            text = f"halo {number}"
            await page.send_json({"id": f"m{number}", "kind": "text", "text": text})
            if number:  # the very first message begins the conversation
                for each in pages:
                    await until_shown(each, text)
