"""What becomes of a message that was taken, as Meta reports it: in order, or not."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from bot.graph_stub.behaviour import Behaviour

USUAL: Final = ("sent", "delivered", "read")
UNDELIVERABLE: Final = 131026
ODD: Final[Sequence[Sequence[str]]] = (
    ("sent", "sent", "delivered", "read", "read"),
    ("read", "delivered", "sent"),
    ("delivered", "sent", "read", "delivered"),
    ("sent", "read"),
    ("read",),
    (),
)


def reported(behaviour: Behaviour, random: Random) -> Sequence[str]:
    """The statuses of one message, in the order they are told."""
    if not behaviour.statuses:
        return ()
    if random.random() < behaviour.undeliverable:
        return ("failed",)
    return random.choice(ODD) if random.random() < behaviour.odd_statuses else USUAL


def status(id_: str, state: str, payload: dict[str, Any], timestamp: int) -> dict[str, Any]:
    """One status object of a webhook.

    Args:
        id_: Graph's of the message.
        payload: what was sent.
        timestamp: Unix seconds.
    """
    to = payload.get("to") or payload.get("recipient")
    kind = "utility" if payload["type"] == "template" else "service"
    told: dict[str, Any] = {
        "id": id_,
        "status": state,
        "timestamp": str(timestamp),
        "recipient_id": to,
        "pricing": {"billable": kind == "utility", "pricing_model": "PMP", "category": kind},
    }
    if "biz_opaque_callback_data" in payload:
        told["biz_opaque_callback_data"] = payload["biz_opaque_callback_data"]
    if state == "failed":
        details = {"details": "Message Undeliverable."}
        error = {"code": UNDELIVERABLE, "title": "Message undeliverable", "error_data": details}
        told["errors"] = [error]
    return told
