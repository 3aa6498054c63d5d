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

import orjson
from aiohttp import web
from harness.listening import listen

from bot.loop import run
from storage.driver import Collection, open_database

STATE = "choosing_date"


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
        found = await turns.find_one({"_id": key})
        if found is None:
            await turns.insert_one({"_id": key, "revision": 1, **told})
            return web.Response()
        guard = {"_id": key, "revision": found["revision"]}
        change = {"$set": {"revision": found["revision"] + 1, **told}}
        saved = await turns.update_one(guard, change)
        return web.Response(status=200 if saved else 503)

    return web.post("/webhooks/whatsapp", receive)


async def serve(port: int, uri: str, secret: str) -> None:
    """Serve until the process is ended."""
    database = open_database(uri, "floor")
    await listen([handler(database.collection("turns"), secret.encode())], port)


if __name__ == "__main__":
    run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
