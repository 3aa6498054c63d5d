"""The least that a durable webhook can cost: HMAC, JSON, one find, one guarded update.

Run by ``benchmarks/webhook.py`` beside ``antre serve``, in a process of its own: the same aiohttp
on the same loop, the same driver with the same write concern, the same body. It understands
nothing, says nothing and remembers only the last message. This definition is fixed: it is not to
follow what our turn needs.

Usage: ``python floor.py PORT MONGODB_URI SECRET``
"""

from __future__ import annotations

import hashlib
import hmac
import sys
from collections.abc import Mapping

import orjson
from aiohttp import web
from harness.listening import listen

from bot.loop import run
from storage.driver import Collection, open_database

STATE = "choosing_date"


async def keep(turns: Collection, key: str, told: Mapping[str, str]) -> bool:
    """Find a document, and update it guarded or begin it; whether nobody was quicker."""
    found = await turns.find_one({"_id": key})
    if found is None:
        await turns.insert_one({"_id": key, "revision": 1, **told})
        return True
    guard = {"_id": key, "revision": found["revision"]}
    return await turns.update_one(guard, {"$set": {"revision": found["revision"] + 1, **told}})


def handler(turns: Collection, secret: bytes) -> web.RouteDef:
    """The route that takes a signed body with one message."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        wanted = f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"
        if not hmac.compare_digest(wanted, request.headers.get("X-Hub-Signature-256", "")):
            return web.Response(status=401)
        value = orjson.loads(body)["entry"][0]["changes"][0]["value"]
        message = value["messages"][0]
        key = f"whatsapp:{value['metadata']['phone_number_id']}:{message['from']}"
        told = {"state": STATE, "heard": message["id"], "text": message["text"]["body"]}
        return web.Response(status=200 if await keep(turns, key, told) else 503)

    return web.post("/webhooks/whatsapp", receive)


async def serve(port: int, uri: str, secret: str) -> None:
    """Serve until the process is ended."""
    database = open_database(uri, "floor")
    await listen([handler(database.collection("turns"), secret.encode())], port)


if __name__ == "__main__":
    run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
