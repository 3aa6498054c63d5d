"""The JSON Schemas of a bot's folder of flows, one a kind of file.

They stand beside the flows, in ``flows/schema/``, where the first line of each file names its own:

    # yaml-language-server: $schema=schema/flow.schema.json
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from bot.booking.office import Office
from bot.booking.rules import Rules
from bot.dialogue.actions import Action
from bot.dialogue.schema import (
    Schema,
    flow_schema,
    replies_schema,
    schema_of,
    shared_schema,
)
from bot.dialogue.slot_type import SlotType
from bot.replay.schema import recording_schema

FOLDER = "schema"
"""Where they stand in the folder of flows."""


Kind: TypeAlias = Literal["flow", "shared", "replies", "offices", "recording"]
"""What a file under ``flows/`` may be; and a recorded conversation, which stands elsewhere."""


def schemas(
    actions: Mapping[str, Action],
    intents: Collection[str],
    slot_types: Mapping[str, SlotType] | None = None,
) -> dict[Kind, str]:
    """The text of every schema file.

    Args:
        actions: what flows may name under ``do``.
        intents: what editors suggest under ``on``.
        slot_types: what slots may be; those every bot has if not given.
    """
    made: dict[Kind, Schema] = {
        "flow": flow_schema(actions, intents, slot_types),
        "shared": shared_schema(actions, intents, slot_types),
        "replies": replies_schema(),
        "offices": offices_schema(),
        "recording": recording_schema(),
    }
    return {
        kind: json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for kind, schema in made.items()
    }


def write_schemas(folder: Path, texts: Mapping[Kind, str]) -> list[Path]:
    """Write schema files under a folder of flows; the paths written."""
    written = []
    for kind, text in texts.items():
        path = folder / FOLDER / f"{kind}.schema.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def offices_schema() -> Schema:
    """Of ``offices.yml``: rules for all, and under each office what differs.

    The key of an office is its id, and what it does not say holds as in ``defaults``.
    """
    office, rules = schema_of(Office, "Office"), schema_of(Rules, "Defaults")
    parts = {**office.pop("$defs"), **rules.pop("$defs")}
    for one in (office, rules):
        del one["$schema"]
    del office["properties"]["id"]
    office["required"] = [
        key for key in office["required"] if key != "id" and key not in rules["properties"]
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Offices",
        "description": "Every office, and what all of them share.",
        "$defs": {**parts, "Office": office, "Defaults": rules},
        "type": "object",
        "properties": {
            "defaults": {"$ref": "#/$defs/Defaults"},
            "offices": {
                "description": "by id, such as jakarta_pusat.",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"$ref": "#/$defs/Office"},
            },
        },
        "required": ["defaults", "offices"],
        "additionalProperties": False,
    }
