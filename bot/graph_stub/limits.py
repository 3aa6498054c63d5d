"""What Meta's Graph API refuses in ``POST /{phone_number_id}/messages``.

Written from Meta's documentation on its own, so that it can catch the connector out. What Meta
counts as one character it does not say; here an emoji is two, which is the strictest way to count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

Templates: TypeAlias = Mapping[tuple[str, str], tuple[int, int]]
"""By name and language: how many parameters the body has, and how many buttons there are."""


_CONTACTS = 257
_LONGEST_EMOJI = 16
_MEDIA = {"image": {"caption"}, "document": {"caption", "filename"}}


def violations(payload: Any, media_ids: Collection[str]) -> list[str]:
    """Everything Meta would find wrong with a message; empty when it would take it."""
    if not isinstance(payload, dict):
        return ["the body is no JSON object"]
    return list(_envelope(payload)) + list(_content(payload, media_ids))


def read_mark_violations(payload: dict[str, Any]) -> list[str]:
    """The same for a read receipt."""
    found = list(
        _keys(payload, {"messaging_product", "status", "message_id"}, {"typing_indicator"})
    )
    if payload.get("status") != "read" or not payload.get("message_id"):
        found.append("a read receipt needs status=read and a message_id")
    if payload.get("typing_indicator", {"type": "text"}) != {"type": "text"}:
        found.append("typing_indicator must be {type: text}")
    return found


def template_fault(template: dict[str, Any], registered: Templates) -> tuple[int, str] | None:
    """Code and text of Meta's refusal of a template that is well-formed."""
    expected = registered.get((template["name"], template["language"]["code"]))
    if expected is None:
        return 132001, "Template name does not exist in the translation"
    components = template.get("components", [])
    texts = sum(len(each["parameters"]) for each in components if each["type"] == "body")
    buttons = sum(each["type"] == "button" for each in components)
    if (texts, buttons) != expected:
        return 132000, "Number of parameters does not match the expected number of params"
    return None


def _envelope(payload: dict[str, Any]) -> Iterator[str]:
    kind = payload.get("type")
    required = {"messaging_product", "type", str(kind)}
    optional = {"to", "recipient", "recipient_type", "biz_opaque_callback_data"}
    yield from _keys(payload, required, optional)
    if "biz_opaque_callback_data" in payload:
        yield from _text(payload["biz_opaque_callback_data"], "biz_opaque_callback_data", 512)
    if payload.get("messaging_product") != "whatsapp":
        yield "messaging_product must be whatsapp"
    if payload.get("recipient_type", "individual") != "individual":
        yield "recipient_type must be individual"
    to, recipient = payload.get("to"), payload.get("recipient")
    if (to is None) == (recipient is None):
        yield "give either to or recipient"
    if to is not None and not (isinstance(to, str) and to.isascii() and to.isdigit()):
        yield "to must be a phone number in digits"
    if recipient is not None and (not isinstance(recipient, str) or "." not in recipient):
        yield "recipient must be a business-scoped id"


def _content(payload: dict[str, Any], media_ids: Collection[str]) -> Iterator[str]:
    kind = str(payload.get("type"))
    content = payload.get(kind)
    if kind in _MEDIA:
        yield from (
            _media(kind, content, media_ids) if isinstance(content, dict) else _no_object(kind)
        )
    elif kind not in _CONTENTS:
        yield f"type {kind!r} is not known here"
    elif isinstance(content, list if kind == "contacts" else dict):
        yield from _CONTENTS[kind](content)
    else:
        yield from _no_object(kind)


def _no_object(kind: str) -> Iterator[str]:
    yield f"{kind} must be {'a list' if kind == 'contacts' else 'an object'}"


def _written(content: dict[str, Any]) -> Iterator[str]:
    yield from _keys(content, {"body"}, {"preview_url"})
    yield from _text(content.get("body"), "text.body", 4096)


def _media(kind: str, content: dict[str, Any], media_ids: Collection[str]) -> Iterator[str]:
    yield from _keys(content, {"id"}, _MEDIA[kind])
    if content.get("id") not in media_ids:
        yield f"{kind}.id is no uploaded media"
    for part, limit in (("caption", 1024), ("filename", 240)):
        if part in content:
            yield from _text(content[part], f"{kind}.{part}", limit)


def _location(content: dict[str, Any]) -> Iterator[str]:
    yield from _keys(content, {"latitude", "longitude"}, {"name", "address"})
    for part, most in (("latitude", 90), ("longitude", 180)):
        value = content.get(part)
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > most:
            yield f"location.{part} must be a number from -{most} to {most}"
    for part in ("name", "address"):
        if part in content:
            yield from _text(content[part], f"location.{part}", 1000)


def _reaction(content: dict[str, Any]) -> Iterator[str]:
    yield from _keys(content, {"message_id", "emoji"}, set())
    yield from _text(content.get("message_id"), "reaction.message_id", 512)
    emoji = content.get("emoji")
    if not isinstance(emoji, str) or len(emoji) > _LONGEST_EMOJI or re.search(r"[\w\s]", emoji):
        yield "reaction.emoji must be one emoji"


def _contacts(contacts: list[Any]) -> Iterator[str]:
    if not 1 <= len(contacts) <= _CONTACTS:
        yield f"contacts must hold 1 to {_CONTACTS} contacts"
        return
    for contact in contacts:
        yield from _keys(contact, {"name", "phones"}, {"org", "urls"})
        yield from _keys(contact["name"], {"formatted_name", "first_name"}, set())
        for part, name in contact["name"].items():
            yield from _text(name, f"contacts.name.{part}", 512)
        if not contact["phones"]:
            yield "a contact needs a phone"
        for phone in contact["phones"]:
            yield from _keys(phone, {"phone"}, {"type", "wa_id"})
            yield from _text(phone["phone"], "contacts.phone", 32)
            if not re.fullmatch(r"[0-9]{5,15}", phone.get("wa_id", "62812")):
                yield "contacts.wa_id must be a phone number in digits"


def _template(content: dict[str, Any]) -> Iterator[str]:
    yield from _keys(content, {"name", "language"}, {"components"})
    if not re.fullmatch(r"[a-z0-9_]{1,512}", str(content.get("name"))):
        yield "template.name must be small letters, digits and _"
    code = content.get("language", {})
    if set(code) != {"code"} or not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", str(code["code"])):
        yield "template.language must be {code: id} or the like"
    components = content.get("components", [])
    bodies = [each for each in components if each.get("type") == "body"]
    buttons = [each for each in components if each.get("type") == "button"]
    if len(bodies) > 1 or len(buttons) > 10 or len(bodies) + len(buttons) < len(components):
        yield "a template has one body and up to 10 buttons; nothing else is known here"
    for body in bodies:
        yield from _keys(body, {"type", "parameters"}, set())
        yield from _parameters(body.get("parameters"))
    copying = [each for each in buttons if each.get("sub_type") == "url"]
    if copying and copying == buttons and len(buttons) == 1:
        yield from _copied(copying[0])
        return
    for at, button in enumerate(buttons):
        yield from _quick_reply(button, at)


def _copied(button: dict[str, Any]) -> Iterator[str]:
    """The button of an authentication template: it copies the code."""
    yield from _keys(button, {"type", "sub_type", "index", "parameters"}, set())
    if button.get("index") != "0" or len(button["parameters"]) != 1:
        yield "an authentication template has one button, number '0', with one parameter"
    for parameter in button["parameters"]:
        yield from _keys(parameter, {"type", "text"}, set())
        yield from _text(parameter["text"], "a code", 15)


def _quick_reply(button: dict[str, Any], at: int) -> Iterator[str]:
    yield from _keys(button, {"type", "sub_type", "index", "parameters"}, set())
    if button.get("sub_type") != "quick_reply" or button.get("index") != str(at):
        yield "buttons are quick_reply, counted from '0' as strings"
    for parameter in button["parameters"]:
        yield from _keys(parameter, {"type", "payload"}, set())
        yield from _text(parameter["payload"], "a quick reply's payload", 128)


def _parameters(parameters: Any) -> Iterator[str]:
    if not isinstance(parameters, list) or not parameters:
        yield "body.parameters must not be empty"
        return
    for parameter in parameters:
        yield from _keys(parameter, {"type", "text"}, set())
        yield from _text(parameter["text"], "a parameter", 1024)
        if re.search(r"[\n\t]| {4}", str(parameter["text"])):
            yield "a parameter has no newlines, tabs, or four spaces in a row"


def _interactive(content: dict[str, Any]) -> Iterator[str]:
    yield from _keys(content, {"type", "body", "action"}, set())
    body, action = content.get("body"), content.get("action")
    if not isinstance(body, dict) or not isinstance(action, dict):
        yield "interactive.body and interactive.action must be objects"
        return
    yield from _keys(body, {"text"}, set())
    yield from _text(body.get("text"), "interactive.body.text", 1024)
    if content.get("type") == "button":
        yield from _keys(action, {"buttons"}, set())
        yield from _buttons(action.get("buttons"))
    elif content.get("type") == "list":
        yield from _keys(action, {"button", "sections"}, set())
        yield from _text(action.get("button"), "action.button", 20)
        yield from _sections(action.get("sections"))
    else:
        yield "interactive.type must be button or list"


def _buttons(buttons: Any) -> Iterator[str]:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        yield "action.buttons must hold 1 to 3 buttons"
        return
    for button in buttons:
        yield from _keys(button, {"type", "reply"}, set())
        yield from _keys(button["reply"], {"id", "title"}, set())
        yield from _id(button["reply"]["id"], 256)
        yield from _text(button["reply"]["title"], "button title", 20)
    yield from _unique([button["reply"] for button in buttons])


def _sections(sections: Any) -> Iterator[str]:
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        yield "action.sections must hold 1 to 10 sections"
        return
    rows = [row for section in sections for row in section["rows"]]
    if not 1 <= len(rows) <= 10:
        yield "a list has 1 to 10 rows in all its sections"
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        yield "several sections need titles"
    for row in rows:
        yield from _keys(row, {"id", "title"}, {"description"})
        yield from _id(row["id"], 200)
        yield from _text(row["title"], "row title", 24)
        if "description" in row:
            yield from _text(row["description"], "row description", 72)
    yield from _unique(rows)


def _keys(value: dict[str, Any], required: set[str], optional: set[str]) -> Iterator[str]:
    if missing := required - value.keys():
        yield f"missing {sorted(missing)}"
    if strange := value.keys() - required - optional:
        yield f"unexpected {sorted(strange)}"


def _text(value: Any, name: str, limit: int) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip():
        yield f"{name} must not be empty"
    elif (length := sum(1 + (char > "\uffff") for char in value)) > limit:
        yield f"{name} has {length} characters, the limit is {limit}"


def _id(value: Any, limit: int) -> Iterator[str]:
    yield from _text(value, "id", limit)
    if isinstance(value, str) and value != value.strip():
        yield "an id has space at its ends"


def _unique(things: list[dict[str, Any]]) -> Iterator[str]:
    for key in ("id", "title"):
        if len({thing[key] for thing in things}) < len(things):
            yield f"two of them have the same {key}"


_CONTENTS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "text": _written,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "template": _template,
}
