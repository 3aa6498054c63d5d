"""Whether Meta has the templates that replies name, as they name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.commands.doctor.asking import objects
from bot.commands.doctor.told import Told, error, ok, warning
from bot.dialogue.replies import Replies

_PLACEHOLDER: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
WAITS: Final = frozenset({"PENDING", "IN_APPEAL"})


def of_templates(
    account: str, listed: Iterable[Mapping[str, Any]], replies: Iterable[Replies]
) -> Iterator[Told]:
    """What replies need, beside what is registered.

    Args:
        listed: the account's templates, as Graph tells them.
        replies: of every language.
    """
    there = {(str(each.get("name")), str(each.get("language"))): each for each in listed}
    fine = 0
    for language in replies:
        for (name, code), needed in sorted(language.registered().items()):
            found = list(_of_template(there.get((name, code)), needed))
            fine += not found
            for make, said, do in found:
                yield make("templates", f"account {account}: {name} ({code}) {said}", do)
    if fine:
        yield ok("templates", f"account {account}: {fine} templates are as replies need them")


def _of_template(
    registered: Mapping[str, Any] | None, needed: tuple[int, int | None]
) -> Iterator[tuple[Any, str, str]]:
    if registered is None:
        yield error, "is not registered", "register it (docs/operations.md, Message templates)"
        return
    status = str(registered.get("status", ""))[:40]
    if status in WAITS:
        yield warning, "waits for Meta's review", "wait; until then its reminders are not sent"
    elif status != "APPROVED":
        yield error, f"is {status or 'of unknown status'}", "mend it in Meta's WhatsApp Manager"
    parameters, buttons = _shape(registered)
    if parameters != needed[0]:
        said = f"has {parameters} parameters, replies fill {needed[0]}"
        yield error, said, "register it with as many, or change template: in flows/replies"
    if needed[1] is not None and buttons != needed[1]:
        said = f"has {buttons} quick replies, the reply {needed[1]} buttons"
        yield error, said, "register it with as many, or change buttons: in flows/replies"


def _shape(registered: Mapping[str, Any]) -> tuple[int, int]:
    """Parameters of its body, and quick replies."""
    parameters: set[str] = set()
    buttons = 0
    for part in objects(registered.get("components")):
        if part.get("type") == "BODY":
            parameters |= set(_PLACEHOLDER.findall(str(part.get("text", ""))))
        elif part.get("type") == "BUTTONS":
            quick = (each.get("type") == "QUICK_REPLY" for each in objects(part.get("buttons")))
            buttons += sum(quick)
    return len(parameters), buttons
