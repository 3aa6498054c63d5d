"""One webhook body → what happened: messages, delivery statuses, and what is left out.

Meta sends up to 1,000 updates in one body, spread over several entries and changes. One part that
cannot be read never costs the others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.channels.inbound import Inbound
from bot.channels.whatsapp.content import SILENT, content_of
from bot.channels.whatsapp.wire import objects_at, text_at, value_at
from bot.dialogue.events import Message
from bot.dialogue.store import Contact

OfficeOf = Callable[[str], str | None]
"""Finds an office's id by its WhatsApp number, digits only (``6281299004406``)."""

PROFILE_KEPT = 200

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}")
"""A phone number, or a business-scoped id such as ``ID.13491208655302741918``."""


class UnreadableBody(ValueError):
    """A body that is no JSON object. Reading it again changes nothing."""


@dataclass(frozen=True, slots=True)
class Status:
    """How far a message of ours got.

    Args:
        id: of our message, as Graph gave it when it was sent.
        status: ``sent``, ``delivered``, ``read``, ``played``, ``failed``, ``deleted`` …; they come
            in any order and some never come.
        code: Graph's error code when it failed.
    """

    id: str
    status: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Updates:
    """What one body holds.

    Args:
        messages: to be heard, in the order of the body, each id once.
        homeless: phone number ids whose display number belongs to no office.
        left_out: how often each thing was skipped, by a name that holds no personal data.
    """

    messages: tuple[Inbound, ...]
    statuses: tuple[Status, ...]
    homeless: frozenset[str]
    left_out: Mapping[str, int]


def decode(body: bytes, office_of: OfficeOf, now: datetime) -> Updates:
    """Read a webhook body, already known to be Meta's.

    Args:
        now: aware UTC; stands in for a time that is missing or lies ahead.

    Raises:
        UnreadableBody: not JSON, or not an object.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise UnreadableBody("the webhook body is not JSON") from None
    if not isinstance(document, dict):
        raise UnreadableBody("the webhook body is not a JSON object")
    reader = _Reader(office_of, now)
    reader.read(document)
    return reader.updates()


class _Reader:
    """Walks one body and gathers what it finds."""

    def __init__(self, office_of: OfficeOf, now: datetime) -> None:
        self._office_of = office_of
        self._now = now
        self._messages: dict[str, Inbound] = {}
        self._statuses: list[Status] = []
        self._homeless: set[str] = set()
        self._left_out: Counter[str] = Counter()

    def updates(self) -> Updates:
        return Updates(
            tuple(self._messages.values()),
            tuple(self._statuses),
            frozenset(self._homeless),
            dict(self._left_out),
        )

    def read(self, document: Mapping[str, Any]) -> None:
        for entry in self._objects(document, "entry"):
            for change in self._objects(entry, "changes"):
                field = text_at(change, "field")
                if field == "messages":
                    self._read_change(value_at(change, "value"))
                else:
                    self._left_out[f"field {field[:40]}"] += 1

    def _read_change(self, value: Any) -> None:
        for status in self._objects(value, "statuses"):
            self._statuses.append(_status(status))
        for error in self._objects(value, "errors"):
            self._left_out[f"error {_code(error)}"] += 1
        messages = self._objects(value, "messages")
        if not messages:
            return
        account = _address(text_at(value, "metadata", "phone_number_id"))
        number = text_at(value, "metadata", "display_phone_number")
        office = self._office_of("".join(c for c in number if c in "0123456789"))
        if not account:
            self._left_out["malformed metadata"] += len(messages)
        elif office is None:
            self._homeless.add(account)
            self._left_out["message to no office"] += len(messages)
        else:
            people = _People(objects_at(value, "contacts"))
            for message in messages:
                self._read_message(message, people, office, account)

    def _read_message(
        self, message: Mapping[str, Any], people: _People, office: str, account: str
    ) -> None:
        kind, id_ = text_at(message, "type"), text_at(message, "id")
        sender = people.sender_of(message)
        if kind in SILENT:
            detail = text_at(message, "system", "type")[:40]
            self._left_out[f"{kind} {detail}".rstrip()] += 1
        elif text_at(message, "group_id"):
            self._left_out["group message"] += 1
        elif not id_ or not sender:
            self._left_out["malformed message"] += 1
        elif id_ in self._messages:
            self._left_out["message twice"] += 1
        else:
            sent_at = self._time(value_at(message, "timestamp"))
            content = content_of(message)
            self._messages[id_] = Inbound(
                Contact(
                    channel="whatsapp",
                    sender=sender,
                    office=office,
                    account=account,
                    profile=people.name_of(sender),
                    heard_at=sent_at,
                ),
                Message(id_, content.kind, content.text, sent_at, content.title, content.media),
            )

    def _time(self, timestamp: Any) -> datetime:
        """Unix seconds, as text or number; never ahead of our own clock."""
        try:
            return min(datetime.fromtimestamp(int(timestamp), UTC), self._now)
        except (TypeError, ValueError, OverflowError, OSError):
            self._left_out["malformed time"] += 1
            return self._now

    def _objects(self, parent: Any, key: str) -> list[dict[str, Any]]:
        """The objects of a list; anything else there is counted."""
        found, objects = value_at(parent, key), objects_at(parent, key)
        if isinstance(found, list):
            if lost := len(found) - len(objects):
                self._left_out[f"malformed {key}"] += lost
        elif found is not None:
            self._left_out[f"malformed {key}"] += 1
        return objects


class _People:
    """The contacts of one change; a lone one is the sender's whatever ids it carries."""

    def __init__(self, contacts: list[dict[str, Any]]) -> None:
        self._only = contacts[0] if len(contacts) == 1 else None
        self._names: dict[str, str] = {}
        for contact in contacts:
            for key in ("wa_id", "user_id"):
                self._names.setdefault(_address(text_at(contact, key)), _name(contact))

    def sender_of(self, message: Mapping[str, Any]) -> str:
        """The phone number, or the business-scoped id of someone who hides theirs, or ``""``."""
        candidates = (
            text_at(message, "from"),
            text_at(message, "from_user_id"),
            text_at(self._only, "wa_id"),
            text_at(self._only, "user_id"),
        )
        return next((address for raw in candidates if (address := _address(raw))), "")

    def name_of(self, sender: str) -> str:
        """The name this sender gave themselves."""
        return _name(self._only) if self._only else self._names.get(sender, "")


def _name(contact: Mapping[str, Any]) -> str:
    return text_at(contact, "profile", "name")[:PROFILE_KEPT]


def _address(raw: str) -> str:
    stripped = raw.strip().removeprefix("+")
    return stripped if _ADDRESS.fullmatch(stripped) else ""


def _status(status: Mapping[str, Any]) -> Status:
    codes = [_code(error) for error in objects_at(status, "errors")]
    return Status(text_at(status, "id"), text_at(status, "status"), codes[0] if codes else None)


def _code(error: Mapping[str, Any]) -> int | None:
    code = error.get("code")
    return code if isinstance(code, int) else None
