"""The least that a REST door can cost: aiohttp on the same loop, one JSON body in, one out.

It says what a booking wants to hear, word for word, and knows nothing; ``python rest_floor.py
PORT``, in a process of its own.
"""

from __future__ import annotations

import sys

import orjson
from aiohttp import web
from harness.listening import listen

from bot.loop import run

DATES = "1. Selasa, 24 November 2026\n2. Rabu, 25 November 2026"


def answer(text: str) -> str:
    """What each of the four messages is answered."""
    if text.isdecimal():
        return "Nomor antrean: 1"
    if text == "#tgllayanan":
        return DATES
    return "Kode persetujuan: *12345678*" if text.startswith("#") else "Halo"


async def receive(request: web.Request) -> web.Response:
    """Answer a message."""
    said = orjson.loads(await request.read())
    told = [{"recipient_id": said["sender"], "text": answer(said["message"])}]
    return web.Response(body=orjson.dumps(told), content_type="application/json")


async def serve(port: int) -> None:
    """Serve until the process is ended."""
    await listen([web.post("/webhooks/rest/webhook", receive)], port)


if __name__ == "__main__":
    run(serve(int(sys.argv[1])))
