"""`antre demo` as it is started: no secrets, this machine only, a whole booking over REST."""

import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.channels.rest import PATH
from bot.channels.whatsapp.webhook import PATH as WEBHOOK
from tests.end_to_end.conftest import House
from tests.support.service import Service

MEMORY_LIMIT_MB = 200
ELSEWHERE = {
    "MONGODB_URI": "mongodb://nowhere.invalid:1/",
    "WHATSAPP_APP_SECRET": "not-for-the-demo",
    "WHATSAPP_ACCESS_TOKEN": "not-for-the-demo",
    "WHATSAPP_GRAPH_URL": "https://graph.invalid/v26.0",
}


class Client:
    """Rasa's REST client, in a few lines."""

    def __init__(self, session: ClientSession, service: Service, sender: str) -> None:
        self._session = session
        self._url = service.url + PATH
        self._sender = sender
        self._number = 0

    async def say(self, words: str) -> list[dict[str, Any]]:
        """The answers to a message."""
        self._number += 1
        body = {"sender": self._sender, "message": words, "message_id": f"m{self._number}"}
        async with self._session.post(self._url, json=body) as response:
            assert response.status == 200, await response.text()
            answers: list[dict[str, Any]] = await response.json()
            return answers


@pytest.fixture
async def demo(house: House, data: Path) -> Service:
    """A demo; what points elsewhere in its environment is not for it."""
    return await house.start("demo", "--data", str(data), **ELSEWHERE)


async def test_a_whole_booking_over_rest(demo: Service, session: ClientSession) -> None:
    """Four messages; the picture is a PNG; the bot stays small; another sender knows nothing."""
    rina = Client(session, demo, "rina")
    greeting = await rina.say("Pagi, Pak")
    assert "Layanan Antrean Paspor" in greeting[0]["text"]
    (offered,) = await rina.say("#tgllayanan")
    assert len(offered["buttons"]) == 5
    await rina.say(offered["buttons"][1]["payload"])
    confirmation = await rina.say("nama saya Rina Wulandari lahir 17 agustus 1990")
    code = re.search(r"\*(\d{8})\*", confirmation[-1]["text"])
    assert code, confirmation
    card, _ = await rina.say(code[1])
    assert "Nomor antrean: *1*" in card["text"]
    async with session.get(card["image"].replace("localhost", "127.0.0.1")) as picture:
        assert picture.content_type == "image/png"
        assert (await picture.read()).startswith(b"\x89PNG")
    (status, *_) = await rina.say("#status")
    assert status["text"] == card["text"]

    # The last message again, as from a client that got no answer: nothing is said twice.
    body = {"sender": "rina", "message": "#status", "message_id": "m6"}
    async with session.post(demo.url + PATH, json=body) as response:
        assert (response.status, await response.json()) == (200, [])
    (_, nothing, *_) = await Client(session, demo, "budi").say("#status")
    assert "belum punya booking" in nothing["text"]
    assert demo.resident_mb < MEMORY_LIMIT_MB


async def test_other_sites_are_kept_away(demo: Service, session: ClientSession) -> None:
    """A foreign Host is 421, a foreign Origin 403, on every page; and there is no webhook."""
    own = demo.url.removeprefix("http://")
    for path in ("/", "/chat", PATH, "/metrics", "/healthz", "/desk", "/desk/sign-in"):
        for headers, status in (
            ({"Host": "evil.example"}, 421),
            ({"Host": own, "Origin": "http://evil.example"}, 403),
            ({"Host": own, "Origin": "null"}, 403),
        ):
            async with session.get(demo.url + path, headers=headers) as refused:
                assert refused.status == status, (path, headers)
    async with session.get(demo.url + "/") as page:
        assert page.status == 200
    async with session.post(demo.url + WEBHOOK, data=b"{}") as refused:
        assert refused.status == 404


@pytest.mark.long
async def test_bookings_outlive_it(
    house: House, demo: Service, session: ClientSession, data: Path
) -> None:
    """Stopped and started again on its folder, it still knows who booked."""
    rina = Client(session, demo, "rina")
    _, offered = await rina.say("#tgllayanan")
    await rina.say(offered["buttons"][0]["payload"])
    confirmation = await rina.say("#RINA WULANDARI#17081990")
    setuju = next(b for b in confirmation[-1]["buttons"] if b["title"] == "Setuju")
    card, _ = await rina.say(setuju["payload"])
    assert await demo.stop() == 0

    again = Client(session, await house.start("demo", "--data", str(data)), "rina")
    again._number = 10
    (status, *_) = await again.say("#status")
    assert status["text"] == card["text"]
