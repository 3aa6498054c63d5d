"""The grammar: one message understood, the same way every time.

Rules are tried from the most exact to the loosest; the first that understands the message wins.
A rule is a function of a :class:`~nlu.reading.Reading`; adding one is a file and a line in
``RULES``. Everything is linear in the length of the message, of which ``spelling.LIMIT``
characters are looked at.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.dialogue.events import (
    NOTHING_UNDERSTOOD,
    TOO_FAST,
    WELCOME,
    Expectation,
    Message,
    Understood,
)
from nlu.addresses import read_address
from nlu.ages import read_age
from nlu.bygone import read_bygone
from nlu.correction import read_correction
from nlu.counting import read_count
from nlu.families import read_family
from nlu.forgotten import read_forgotten
from nlu.forms import read_form
from nlu.identity import read_identity
from nlu.instead import read_instead
from nlu.keeping import read_keeping
from nlu.keywords import (
    read_choice,
    read_code,
    read_command,
    read_numbers,
    read_waiting,
    read_words,
)
from nlu.kinds import read_kind
from nlu.moving import read_move
from nlu.pictures import pictured
from nlu.places import read_office, redirected
from nlu.reading import Places, Reading, Rule, nowhere
from nlu.spelling import clean
from nlu.taps import read_tap
from nlu.titles import read_title

RULES: Final[tuple[Rule, ...]] = (
    read_title,
    read_keeping,
    read_count,
    read_instead,
    read_family,
    read_form,
    read_move,
    read_code,
    read_command,
    read_choice,
    read_kind,
    read_correction,
    read_address,
    read_office,
    read_bygone,
    read_forgotten,
    read_waiting,
    read_age,
    read_identity,
    read_words,
    read_numbers,
)


def understand(
    message: Message, expectation: Expectation, now: datetime, find_places: Places = nowhere
) -> Understood:
    """Understand one message; never raises, whatever the text.

    Args:
        expectation: what the open state waits for; ``Expectation()`` when nothing is known.
        now: the office's local time, aware.
        find_places: ids of the places a text speaks of.
    """
    text = clean(message.text)
    exact = without_words(message, text)
    if exact is not None:
        return exact
    reading = Reading(text, expectation, now.date(), find_places)
    return pictured(redirected(reading, by_rules(reading)), message)


def without_words(message: Message, text: str) -> Understood | None:
    """What a message means that has no words to be read: a tap, a picture, nothing at all.

    Args:
        text: its own, cleaned.
    """
    if message.kind == "tap" or (message.kind == "text" and message.text.lstrip()[:1] == "/"):
        return read_tap(message.text)
    if message.kind == TOO_FAST:
        return Understood(TOO_FAST)
    if message.kind == WELCOME:
        return Understood("greet")
    if text:
        return None
    return (
        NOTHING_UNDERSTOOD
        if message.kind == "text"
        else pictured(Understood("send_media"), message)
    )


def by_rules(reading: Reading) -> Understood:
    """What the first rule that understands a text makes of it."""
    for rule in RULES:
        understood = rule(reading)
        if understood is not None:
            return understood
    return NOTHING_UNDERSTOOD
