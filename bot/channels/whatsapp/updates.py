"""One webhook body → what happened: messages, delivery statuses, news for operators, and what is
left out.

Meta sends up to 1,000 updates in one body, spread over several entries and changes. One part that
cannot be read never costs the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.channels.inbound import IdentityChange, Inbound
from bot.channels.whatsapp.attachments import json_of
from bot.channels.whatsapp.body import read_body
from bot.channels.whatsapp.content import CALL, Content, content_of
from bot.channels.whatsapp.identity import UPDATE, change_in, update_in
from bot.channels.whatsapp.notifications import Notification, notification
from bot.channels.whatsapp.numbers import Accounts, OfficeOf, placed
from bot.channels.whatsapp.people import People
from bot.channels.whatsapp.statuses import Status, code_of, status_of
from bot.channels.whatsapp.wire import id_at, number_at, objects_at, text_at, value_at
from bot.dialogue.events import Message
from bot.dialogue.fields import fields_of
from bot.dialogue.store import Contact

OURS = "whatsapp_business_account"
"""The object whose webhooks are WhatsApp's; pages and Instagram may come to the same URL."""

FIELD_KEPT = 40
ID_KEPT = 200

DELIVERED_FOR = timedelta(days=8)
"""Meta delivers again for seven days; a message that claims to be older has a wrong time."""

LATEST_SECONDS = 100_000_000_000
"""In the year 5138; times beyond are milliseconds, or parts of them."""


@dataclass(frozen=True, slots=True)
class Updates:
    """What one body holds.

    Args:
        messages: to be heard, in the order of the body, each id of a sender once.
        homeless: phone number ids whose display number belongs to no office; empty for one that
            is missing itself.
        left_out: how often each thing was skipped, by a name that holds no personal data.
        notifications: news for operators.
        changes: of people's numbers and ids, the earliest first.
    """

    messages: tuple[Inbound, ...]
    statuses: tuple[Status, ...]
    homeless: frozenset[str]
    left_out: Mapping[str, int]
    notifications: tuple[Notification, ...] = ()
    changes: tuple[IdentityChange, ...] = ()


def decode(
    body: bytes, office_of: OfficeOf, now: datetime, accounts: Accounts | None = None
) -> Updates:
    """Read a webhook body, already known to be Meta's.

    Args:
        now: aware UTC; stands in for a time that is missing, lies ahead or cannot be.
        accounts: what earlier bodies told of numbers and accounts; learns from this one.

    Raises:
        UnreadableBody: no JSON, or no object in it.
    """
    reader = _Reader(office_of, now, Accounts() if accounts is None else accounts)
    for document in read_body(body):
        reader.read(document)
    return reader.updates()


@dataclass(frozen=True, slots=True)
class _Addressed:
    """What the messages of one change have in common."""

    office: str | None
    account: str
    people: People


class _Reader:
    """Walks one body and gathers what it finds."""

    def __init__(self, office_of: OfficeOf, now: datetime, accounts: Accounts) -> None:
        self._office_of = office_of
        self._now = now
        self._accounts = accounts
        self._messages: dict[tuple[str, str], Inbound] = {}
        self._statuses: list[Status] = []
        self._homeless: set[str] = set()
        self._left_out: Counter[str] = Counter()
        self._notifications: list[Notification] = []
        self._changes: dict[str, IdentityChange] = {}

    def updates(self) -> Updates:
        return Updates(
            tuple(self._messages.values()),
            tuple(self._statuses),
            frozenset(self._homeless),
            dict(self._left_out),
            tuple(self._notifications),
            tuple(sorted(self._changes.values(), key=lambda change: change.at)),
        )

    def read(self, document: dict[str, Any]) -> None:
        about = text_at(document, "object")
        if about and about != OURS:
            self._left_out["object of another product"] += 1
            return
        for entry in self._within(document, "entry"):
            for change in self._within(entry, "changes"):
                self._read_change(text_at(change, "field"), value_at(change, "value"))

    def _within(self, whole: dict[str, Any], key: str) -> list[dict[str, Any]]:
        """The parts of a body or an entry; one that has none but a part's own content is the part:
        samples of Meta's dashboard come so when somebody sends them by hand.
        """
        alone = key not in whole and not whole.keys().isdisjoint(("changes", "value"))
        return [whole] if alone else self._objects(whole, key)

    def _read_change(self, field: str, value: Any) -> None:
        unnamed = not field and (value_at(value, "messages") or value_at(value, "statuses"))
        if field == "messages" or unnamed:
            self._read_messages(value)
        elif field == "calls":
            self._read_calls(value)
        elif field == UPDATE:
            self._read_updates(value)
        elif news := notification(field, value):
            self._notifications.append(news)
        else:
            self._left_out[f"field {field[:FIELD_KEPT]}"] += 1

    def _read_messages(self, value: Any) -> None:
        there = self._addressed(value)
        for status in self._objects(value, "statuses"):
            self._statuses.append(status_of(status, self._status_time(status), there.office))
        for error in self._objects(value, "errors"):
            self._left_out[f"error {code_of(error)}"] += 1
        for message in self._objects(value, "messages"):
            kind = text_at(message, "type")
            if kind == "system":
                at = self._time(message)
                change = change_in(message, _id_of(message), there.office or "", at)
                detail = text_at(message, "system", "type")[:FIELD_KEPT]
                self._follow(change, f"{kind} {detail}".rstrip())
            elif id_at(message, "group_id"):
                self._left_out["group message"] += 1
            else:
                self._hear(message, there, content_of(message))

    def _read_calls(self, value: Any) -> None:
        """Who rings is told to write instead: nobody answers the phone, and they cannot know.

        Meta tells of a call when it begins and when it ends; the beginning is heard.
        """
        for call in self._objects(value, "calls"):
            ringing = text_at(call, "event") == "connect"
            if ringing and text_at(call, "direction") != "BUSINESS_INITIATED":
                self._hear(call, self._addressed(value), Content(CALL))
            else:
                self._left_out["news of a call"] += 1

    def _read_updates(self, value: Any) -> None:
        office, updates = self._addressed(value).office or "", self._objects(value, UPDATE)
        self._left_out += Counter({} if updates else {f"field {UPDATE}": 1})
        for update in updates:
            self._follow(update_in(update, office, self._time(update)), UPDATE)

    def _follow(self, change: IdentityChange | None, name: str) -> None:
        """Take news of a person that came to one of our numbers."""
        if change is None or not change.office:
            self._left_out[name] += 1
        else:
            self._changes.setdefault(change.id, change)

    def _addressed(self, value: Any) -> _Addressed:
        office, account = placed(value_at(value, "metadata"), self._office_of, self._accounts)
        return _Addressed(office, account, People(objects_at(value, "contacts")))

    def _hear(self, message: Mapping[str, Any], there: _Addressed, content: Content) -> None:
        ids, id_ = there.people.ids_of(message), _id_of(message)
        sender = ids[0] if ids else ""
        if there.office is None or not there.account:
            self._homeless.add(there.account)
            self._left_out["message to no office"] += 1
        elif not sender:
            self._left_out["malformed message"] += 1
        elif (sender, id_) in self._messages:
            self._left_out["message twice"] += 1
        else:
            sent_at = self._time(message)
            self._messages[sender, id_] = Inbound(
                Contact(
                    channel="whatsapp",
                    sender=sender,
                    office=there.office,
                    account=there.account,
                    profile=there.people.name_of(sender),
                    heard_at=sent_at,
                    ids=ids,
                    since=sent_at,
                ),
                Message(id_, at=sent_at, **fields_of(content)),
            )

    def _time(self, message: Mapping[str, Any]) -> datetime:
        """When it was sent: Unix seconds, a finer measure or ISO 8601, as text or number.

        Ours when it lies ahead of our clock or further back than Meta delivers: the 24 hours in
        which somebody may be answered freely count from here.
        """
        told = _moment(message, "timestamp")
        if told is None:
            self._left_out["malformed time"] += 1
        elif self._now - DELIVERED_FOR <= told <= self._now:
            return told
        return self._now

    def _status_time(self, status: Mapping[str, Any]) -> datetime:
        told = _moment(status, "timestamp")
        return told if told and self._now - DELIVERED_FOR <= told <= self._now else self._now

    def _objects(self, parent: Any, key: str) -> list[dict[str, Any]]:
        """The objects of a list, or a lone one; anything else there is counted."""
        found, objects = value_at(parent, key), objects_at(parent, key)
        if isinstance(found, list):
            if lost := len(found) - len(objects):
                self._left_out[f"malformed {key}"] += lost
        elif found is not None and not objects:
            self._left_out[f"malformed {key}"] += 1
        return objects


def _id_of(message: Mapping[str, Any]) -> str:
    """Its id; a message without a usable one is known by its content, so that it is heard once
    however often it is delivered.
    """
    told = id_at(message, "id")
    if 0 < len(told) <= ID_KEPT and told.isprintable():
        return told
    whole = json_of(message) or repr([id_at(message, key) for key in ("from", "timestamp", "type")])
    return f"unnamed-{sha256(whole.encode()).hexdigest()[:32]}"


def _moment(entry: Mapping[str, Any], key: str) -> datetime | None:
    seconds = number_at(entry, key)
    try:
        if seconds is None:
            told = datetime.fromisoformat(text_at(entry, key).strip())
            return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
        while seconds > LATEST_SECONDS:
            seconds /= 1000
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
