"""Every way to make one expectation of a turn false."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.document import Loc, Part
from bot.replay.answer import SHOWN, Answer
from bot.replay.expecting import NONE
from bot.replay.recording import Turn

NEVER = "(?!)()"
"""A pattern with a group that fits nowhere."""


@dataclass(frozen=True)
class False_:  # noqa: N801 - False is taken
    """A turn with one thing in it that is not so.

    Args:
        loc: the way to it, from the turn.
    """

    loc: Loc
    turn: Turn


def falsified(turn: Turn) -> Iterator[False_]:
    """The turn with each of its expectations made false, one at a time, in every way."""
    answers = turn.bot or ()
    for at, answer in enumerate(answers):
        for loc, wrong in _answers(answer):
            listed = (*answers[:at], wrong, *answers[at + 1 :])
            yield False_(("bot", at, *loc), changed(turn, bot=listed))
    if turn.bot is not None:
        # One message more than comes; one less is seen where it stands.
        yield False_(("bot", len(answers)), changed(turn, bot=(*answers, Answer(text="x"))))
    for loc, wrong in _expected(turn.expect.model_dump(exclude_unset=True) if turn.expect else {}):
        assert turn.expect is not None
        expect = turn.expect.model_copy(update=wrong)
        yield False_(("expect", *loc), changed(turn, expect=expect))
    for name in turn.capture:
        for source in (NEVER, "slots.there_is_no_such_slot"):
            wrong = {**turn.capture, name: source}
            yield False_(("capture", name), changed(turn, capture=wrong))


def changed(part: Any, **update: Any) -> Any:
    """A copy with other values, as if they were written so."""
    assert isinstance(part, Part)
    return part.model_copy(update=update)


def _answers(answer: Answer) -> Iterator[tuple[Loc, Answer]]:
    for key in ("text", "contains", "reply"):
        if written := getattr(answer, key):
            yield (key,), changed(answer, **{key: f"{written.rstrip()}x\u241f"})
    if answer.text.strip():
        yield ("text",), changed(answer, text=f"x{answer.text}")
    if answer.matches:
        yield ("matches",), changed(answer, matches=NEVER)
    for name, written in answer.values.items():
        for loc, wrong in _values(written):
            yield ("with", name, *loc), changed(answer, values={**answer.values, name: wrong})
    yield from _shown(answer)


def _shown(answer: Answer) -> Iterator[tuple[Loc, Answer]]:
    """What is beside the words."""
    for key in SHOWN:
        if (written := getattr(answer, key)) and key != "buttons":
            yield (key,), changed(answer, **{key: f"{written}x"})
    titles = answer.buttons
    for at, title in enumerate(titles):
        others = (*titles[:at], f"{title}x", *titles[at + 1 :])
        yield ("buttons", at), changed(answer, buttons=others)
    if titles:
        yield ("buttons",), changed(answer, buttons=titles[:-1])
        yield ("buttons",), changed(answer, buttons=(*titles, "x"))


def _expected(written: Mapping[str, Any]) -> Iterator[tuple[Loc, Mapping[str, Any]]]:
    for key, value in written.items():
        if key == "booking" and value == NONE:
            yield (key,), {key: {"state": "booked"}}
        elif key == "booking" and not value:
            continue
        else:
            for loc, wrong in _values(value):
                yield (key, *loc), {key: wrong}
        if key == "booking" and value != NONE:
            first = next(iter(value))
            yield (key, first), {key: {**value, first: "x"}}


def _values(written: Any) -> Iterator[tuple[Loc, Any]]:
    """A value with each part of it made another, and the way to that part."""
    if isinstance(written, Mapping) and written:
        for key, value in written.items():
            for loc, wrong in _values(value):
                yield (key, *loc), {**written, key: wrong}
    elif isinstance(written, list | tuple) and written:
        yield (), [*written, "x"]
        for at, value in enumerate(written):
            for loc, wrong in _values(value):
                yield (at, *loc), [*written[:at], wrong, *written[at + 1 :]]
    elif isinstance(written, bool):
        yield (), not written
    elif isinstance(written, int | float):
        yield (), written + 1
    else:
        yield (), f"{written or ''}x"
