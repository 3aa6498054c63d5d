"""What can be tapped, as WhatsApp shows it: buttons, lists, or a numbered text.

Whatever a title or a description has to be cut for is written out above what is tapped, so nothing
of it is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.channels.whatsapp.limits import (
    BODY,
    BUTTON_ID,
    BUTTON_TITLE,
    BUTTONS,
    MENU_TITLE,
    PAGES,
    ROW_DESCRIPTION,
    ROW_ID,
    ROW_TITLE,
    ROWS,
    TEXT,
)
from bot.channels.whatsapp.text import one_line, shorten, size, split, visible
from bot.dialogue.reply import Button

Body: TypeAlias = dict[str, Any]
"""A message's ``type`` and content, without whom it is for."""

MENU = "Pilih"
"""Opens a list whose reply names no menu; every reply file should name its own."""

_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class _Choice:
    """A button and what is shown of it."""

    button: Button
    title: str
    description: str = ""

    @property
    def note(self) -> str:
        """What the cut took away, written out; empty when all is shown."""
        title, description = one_line(self.button.title), one_line(self.button.description)
        whole = self.title.startswith(title)
        if whole and description == self.description:
            return ""
        told = title if description == self.description else f"{title}: {description}"
        # The number that tells two cut titles apart says nothing by itself.
        alike = not whole and self.title[-1].isdigit()
        return f"• {self.title} = {told}" if alike else f"• {told}"


def offered(words: str, buttons: Sequence[Button], menu: str) -> list[Body]:
    """Write words with something to tap below, in order.

    Up to three buttons without a menu become reply buttons, up to ten a list, up to fifty several
    lists of ten, each headed by which they are (rows 11 to 20), more a numbered text. Words too
    long for one message go ahead in several; the last paragraph stays with what can be tapped.

    Args:
        words: cleaned, not empty.
        buttons: at least one, each payload once; see :func:`distinct`.

    Raises:
        ValueError: a button has no title, or a payload that Meta does not take.
    """
    listed = bool(menu) or len(buttons) > BUTTONS
    titles = _titles(buttons, ROW_TITLE if listed else BUTTON_TITLE)
    if len(buttons) > ROWS * PAGES:
        return texts(words + _GAP + "\n".join(_numbered(buttons)))
    if not listed:
        choices = [_Choice(*both) for both in zip(buttons, titles, strict=True)]
        return _below(words, [choice.note for choice in choices], "", _reply_buttons(choices))
    rows = [
        _Choice(button, title, shorten(button.description, ROW_DESCRIPTION))
        for button, title in zip(buttons, titles, strict=True)
    ]
    opener, bodies = shorten(menu, MENU_TITLE) or MENU, list[Body]()
    for first in range(0, len(rows), ROWS):
        page = rows[first : first + ROWS]
        label = f"{first + 1}–{first + len(page)}" if len(rows) > ROWS else ""  # noqa: RUF001 - a range
        notes = [row.note for row in page]
        if not first and menu and opener != one_line(menu):
            notes.insert(0, one_line(menu))
        bodies += _below("" if first else words, notes, label, _list(opener, page))
    return bodies


def texts(words: str) -> list[Body]:
    """Write words alone, as one message or several."""
    return [
        {"type": "text", "text": {"body": piece, "preview_url": False}}
        for piece in split(words, TEXT)
    ]


def distinct(buttons: Sequence[Button]) -> list[Button]:
    """Meta refuses two buttons with one id, and the second would do the same anyway."""
    first: dict[str, Button] = {}
    for button in buttons:
        first.setdefault(button.payload, button)
    return list(first.values())


def payload_of(button: Button, limit: int) -> str:
    """What a tap sends back.

    Raises:
        ValueError: Meta would not take it.
    """
    payload = button.payload
    if not payload or payload != payload.strip() or size(payload) > limit:
        raise ValueError(
            f"the payload of the button for {_intent(button)} has {size(payload)} characters;"
            f" WhatsApp takes 1 to {limit}, no space at the ends"
        )
    if any("\ud800" <= char <= "\udfff" for char in payload):
        raise ValueError(
            f"the payload of the button for {_intent(button)} has half a character in it, which"
            " WhatsApp cannot be sent"
        )
    return payload


def _below(words: str, notes: Iterable[str], label: str, interactive: Body) -> list[Body]:
    """The words and the notes above what is tapped, as far as there is room; what goes ahead stays
    in one piece.
    """
    legend = "\n".join(filter(None, notes))
    prompt, ahead = _GAP.join(filter(None, (words, legend, label))), ""
    if size(prompt) > BODY:
        room = BODY - size(_GAP + label)
        if size(legend) > room // 2:
            ahead, prompt = _parted(words, room)
            ahead, legend = _GAP.join(filter(None, (legend, ahead))), ""
        else:
            ahead, prompt = _parted(words, room - size(_GAP + legend))
        prompt = _GAP.join(filter(None, (prompt, legend, label)))
    interactive["body"] = {"text": prompt}
    return [*texts(ahead), {"type": "interactive", "interactive": interactive}]


def _parted(words: str, room: int) -> tuple[str, str]:
    """Words that go ahead, and those that stay above what can be tapped."""
    if size(words) <= room:
        return "", words
    for mark in (_GAP, "\n"):
        ahead, _, prompt = words.rpartition(mark)
        if visible(prompt) and size(prompt) <= room:
            return ahead, prompt
    prompt = split(words, room)[-1]
    return words[: words.rindex(prompt)], prompt


def _reply_buttons(choices: Iterable[_Choice]) -> Body:
    replies = [
        {
            "type": "reply",
            "reply": {"id": payload_of(choice.button, BUTTON_ID), "title": choice.title},
        }
        for choice in choices
    ]
    return {"type": "button", "action": {"buttons": replies}}


def _list(opener: str, choices: Iterable[_Choice]) -> Body:
    rows = []
    for choice in choices:
        row = {"id": payload_of(choice.button, ROW_ID), "title": choice.title}
        if choice.description:
            row["description"] = choice.description
        rows.append(row)
    return {"type": "list", "action": {"button": opener, "sections": [{"rows": rows}]}}


def _numbered(buttons: Iterable[Button]) -> Iterator[str]:
    """The choices as lines; whoever types the number is understood as well."""
    for number, button in enumerate(buttons, start=1):
        parts = filter(None, map(one_line, (button.title, button.description)))
        yield f"{number}. " + ": ".join(parts)


def _titles(buttons: Iterable[Button], limit: int) -> list[str]:
    """Titles within ``limit``, told apart by a number where they are alike, cut or not."""
    titles: dict[str, None] = {}
    for button in buttons:
        title, copies = shorten(button.title, limit), 1
        if not title:
            raise ValueError(f"the button for {_intent(button)} has no title; give it one")
        while title in titles:
            copies += 1
            title = f"{shorten(button.title, limit - len(f' {copies}'))} {copies}"
        titles[title] = None
    return list(titles)


def _intent(button: Button) -> str:
    """Names a button in an error without the values it carries, which may be personal."""
    return button.payload.partition("{")[0][:ROW_TITLE] or "nothing"
