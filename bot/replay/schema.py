"""The JSON Schema of recordings, so that editors complete their keys and explain them."""

from __future__ import annotations

from bot.booking.office import Office
from bot.dialogue.schema import Schema, schema_of
from bot.replay.recording import Script


def recording_schema() -> Schema:
    """Of a recorded conversation; the rules it may change are those of an office."""
    made, office = schema_of(Script, "Recording"), schema_of(Office, "Rules")
    parts = made["$defs"]
    parts.update(office.pop("$defs"))
    rules = parts["Fixtures"]["properties"]["rules"]
    parts["Fixtures"]["properties"]["rules"] = {
        "description": rules["description"],
        "type": "object",
        "properties": {
            key: {
                "description": part.pop("description", key),
                "anyOf": [part, {"type": "null", "description": "the office has none"}],
            }
            for key, part in office["properties"].items()
        },
        "additionalProperties": False,
    }
    return made
