"""JSON Schemas of the files staff edit, so that editors complete keys and explain them.

A schema is made from the same models the files are read with, and its hover texts are the
``Args`` of the models' docstrings: what the reader takes and what an editor says cannot part ways.
A schema knows keys, types, actions and intents; what only all files together can tell (does this
state exist?) is the checker's.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema as core

from bot.dialogue.actions import Action
from bot.dialogue.duration import LENGTHS
from bot.dialogue.flow import Flow, Shared
from bot.dialogue.sentences import Sentences
from bot.dialogue.slot_type import SlotType, shipped_types

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema, draft 2020-12."""

_ARGUMENT = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)
_NOTHING: tuple[Any, ...] = (None, "", [], {})
"""Defaults that say no more than that a key may be left out."""

_ROLE = re.compile(r":\w+:`([^`]+)`")


def flow_schema(
    actions: Mapping[str, Action],
    intents: Collection[str],
    slot_types: Mapping[str, SlotType] | None = None,
) -> Schema:
    """Of a flow file.

    Args:
        actions: what ``do`` may name.
        intents: suggested under ``on`` and ``always``; others may stand there too.
        slot_types: what slots may be; those every bot has if not given.
    """
    return _knowing(schema_of(Flow, "Flow"), actions, intents, slot_types)


def shared_schema(
    actions: Mapping[str, Action],
    intents: Collection[str],
    slot_types: Mapping[str, SlotType] | None = None,
) -> Schema:
    """Of a file that flows include; arguments as of :func:`flow_schema`."""
    return _knowing(schema_of(Shared, "Shared by flows"), actions, intents, slot_types)


def replies_schema() -> Schema:
    """Of a reply file."""
    schema = schema_of(Sentences, "Replies")
    text = schema["$defs"]["Sentence"]["properties"]["text"]  # which may stand alone
    for pattern, sentence in schema["patternProperties"].items():
        schema["patternProperties"][pattern] = {"anyOf": [text, sentence]}
    return schema


def schema_of(model: type[BaseModel], title: str) -> Schema:
    """Of any model of a file that people edit.

    Args:
        title: what the editor calls such a file.
    """
    made = model.model_json_schema(schema_generator=_Generator)
    dialect = {"$schema": _Generator.schema_dialect, "title": title}
    return dialect | {key: part for key, part in made.items() if key != "title"}


class _Generator(GenerateJsonSchema):
    """Says what a file may hold in YAML, where pydantic says what JSON holds.

    An empty value (``go:`` and nothing after it) is one that somebody forgot: it is left out.
    """

    def model_schema(self, schema: core.ModelSchema) -> Schema:
        made = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        made["description"] = _plain(inspect.getdoc(model) or "").partition("\n\nArgs:")[0]
        told = _arguments(model)
        for name, field in model.model_fields.items():
            part = made.get("properties", {}).get(field.alias or name, {})
            part.pop("title", None)
            if name in told:
                part["description"] = told[name]
        return made

    def nullable_schema(self, schema: core.NullableSchema) -> Schema:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core.WithDefaultSchema) -> Schema:
        made = super().default_schema(schema)
        if made.get("default") in _NOTHING:
            made = {key: part for key, part in made.items() if key != "default"}
        return made

    def dict_schema(self, schema: core.DictSchema) -> Schema:
        made = super().dict_schema(schema)
        return {**made, "additionalProperties": False} if "patternProperties" in made else made

    def function_before_schema(self, schema: core.BeforeValidatorFunctionSchema) -> Schema:
        made = super().function_before_schema(schema)
        if made.get("type") == "array":  # where a list may stand, one of its items may
            return {"anyOf": [made["items"], made]}
        return made

    def timedelta_schema(self, schema: core.TimedeltaSchema) -> Schema:  # noqa: ARG002 - overrides
        units = "|".join(LENGTHS)
        return {"type": "string", "pattern": rf"^ *\d{{1,4}} *({units}) *$"}

    def time_schema(self, schema: core.TimeSchema) -> Schema:  # noqa: ARG002 - overrides
        return {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}


def _arguments(model: type[BaseModel]) -> dict[str, str]:
    """What the docstrings of a model, and of those it extends, say of its fields."""
    told: dict[str, str] = {}
    for cls in reversed(model.__mro__):
        section = inspect.cleandoc(cls.__doc__ or "").partition("Args:\n")[2]
        told.update((name, _plain(text)) for name, text in _ARGUMENT.findall(section))
    return told


def _plain(text: str) -> str:
    """Docstring markup as an editor shows it, one paragraph a line."""
    text = _ROLE.sub(r"\1", text).replace("``", "`")
    return re.sub(r"(?<!\n)\n(?!\n)\s*", " ", text)


def _knowing(
    schema: Schema,
    actions: Mapping[str, Action],
    intents: Collection[str],
    slot_types: Mapping[str, SlotType] | None,
) -> Schema:
    """The schema with the names that all flows of a bot share."""
    types = shipped_types() if slot_types is None else slot_types
    slot = schema["$defs"]["Slot"]["properties"]
    slot["type"] = {
        "description": slot["type"]["description"],
        "anyOf": [
            {"const": name, "description": _plain(each.summary)}
            for name, each in sorted(types.items())
        ],
    }
    outcomes = {outcome for action in actions.values() for outcome in action.outcomes}
    for keys in _keys_in(schema):
        if "do" in keys and actions:
            told = {"description": keys["do"]["description"]}
            keys["do"] = told | {
                "anyOf": [
                    {"const": name, "description": _plain(action.summary)}
                    for name, action in sorted(actions.items())
                ]
            }
        if "call" in keys:
            told = {"description": keys["call"]["description"]}
            name = {key: part for key, part in keys["go"].items() if key != "description"}
            keys["call"] = told | {"anyOf": [name, {"$ref": "#/$defs/Call"}]}
        for key, names in (("outcomes", outcomes), ("on", intents), ("always", intents)):
            if key in keys and names:
                (step,) = keys[key]["patternProperties"].values()
                keys[key]["properties"] = dict.fromkeys(sorted(names), step)
        if "outcomes" in keys and outcomes:
            del keys["outcomes"]["patternProperties"]
    return schema


def _keys_in(schema: Schema) -> Iterator[dict[str, Schema]]:
    """The keys of every kind of mapping in a schema that a file could hold."""
    for part in (schema, *schema.get("$defs", {}).values()):
        if "properties" in part:
            yield part["properties"]
