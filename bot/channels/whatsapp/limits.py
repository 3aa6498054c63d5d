"""What Meta takes in one message, in characters where nothing else is said.

Meta does not say what it counts as one character. A character beyond the first 65,536 (most emoji)
is counted as two here, as Java and JavaScript do: that is never less than any other way to count
them, so it is the safe side.

Source: Meta's pages on text, reply button, list, media, contacts and template messages. Where they
disagree (a list's body: 1024 or 4096) the smaller one counts.
"""

from __future__ import annotations

from typing import Final

TEXT: Final = 4096
BODY: Final = 1024
"""Of the words above buttons or a list."""

CAPTION: Final = 1024

BUTTONS: Final = 3
BUTTON_TITLE: Final = 20
BUTTON_ID: Final = 256

ROWS: Final = 10
ROW_TITLE: Final = 24
ROW_ID: Final = 200
ROW_DESCRIPTION: Final = 72
MENU_TITLE: Final = 20

PAGES: Final = 5
"""Ours: lists that one reply makes at most; more choices than they hold are a numbered text."""

FILE_NAME: Final = 240
PLACE: Final = 1000
CARD_NAME: Final = 512
"""Ours, as Meta names none: what a telephone shows of them is far less."""

CARD_NUMBERS: Final = 20

TEMPLATE_BUTTONS: Final = 10
PARAMETER: Final = 1024
QUICK_REPLY_PAYLOAD: Final = 128
