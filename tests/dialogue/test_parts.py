"""Small parts of the dialogue: durations, expressions, actions, documents of replies."""

from datetime import timedelta
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.booking import actions as booking_actions
from bot.dialogue.actions import Doing, action, actions_in
from bot.dialogue.duration import duration
from bot.dialogue.events import Entity, Outcome, Understood
from bot.dialogue.expression import value_of
from bot.dialogue.reply import payload
from bot.dialogue.store import Contact
from tests.support.talk import NOW


class TestDuration:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("30 minutes", timedelta(minutes=30)),
            ("1 hour", timedelta(hours=1)),
            ("2 Hari", timedelta(days=2)),
            (" 90detik ", timedelta(seconds=90)),
            ("1 minggu", timedelta(weeks=1)),
        ],
    )
    def test_read(self, text: str, length: timedelta) -> None:
        """A whole number and a unit, in English or Indonesian."""
        assert duration(text) == length

    @pytest.mark.parametrize(
        "text", ["", "soon", "30", "1.5 hours", "-1 hours", "0 hours", 30, None]
    )
    def test_not_read(self, text: object) -> None:
        """Anything else says how to write it."""
        with pytest.raises(ValueError, match="write a whole number and a unit"):
            duration(text)


class TestExpression:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("plain", "plain"),
            (3, 3),
            (None, None),
            ("{{ a }}", 1),
            ("{{ a + 1 }}", 2),
            ("{{ b.c }}", [1]),
            ("{{ none.such.name }}", None),
            ("{{ len(b.c) == 1 }}", True),
            ("say {{ a }}", "say {{ a }}"),
        ],
    )
    def test_value(self, written: object, value: object) -> None:
        """Braces around the whole are an expression, everything else is itself."""
        assert value_of(written, {"a": 1, "b": {"c": [1]}}) == value


class TestActions:
    def test_declared(self) -> None:
        """An action is named like its function and summed up by the first line of what it says."""

        @action(outcomes=("a", "b"), gives=("c",))
        async def bake(doing: Doing) -> Outcome:
            """Bake a loaf.

            Slowly.
            """
            return Outcome(doing.key)

        assert (bake.name, bake.summary) == ("bake", "Bake a loaf.")
        assert (bake.outcomes, bake.gives) == ({"a", "b"}, {"c"})

    def test_found(self) -> None:
        """All actions of a package are found, by name."""
        found = actions_in(booking_actions)
        assert {"find_dates", "hold_seat", "approve_hold", "release_hold"} <= found.keys()
        assert all(found[name].name == name for name in found)
        empty = ModuleType("empty")
        empty.__path__ = []
        assert actions_in(empty) == {}

    def test_services(self) -> None:
        """An action asks for what the application offers by type."""
        contact = Contact("rest", "me", "office")
        doing = Doing("k", contact, {}, {}, NOW, Random(1), {int: 7})
        assert doing.service(int) == 7


def test_first_entity_counts() -> None:
    """Of two entities of a type the first is the one meant."""
    heard = Understood("a", entities=(Entity("x", 1), Entity("y", None), Entity("x", 2)))
    assert heard.values() == {"x": 1, "y": None}


@given(st.dictionaries(st.sampled_from("abc"), st.text() | st.integers(), max_size=3))
def test_payload(entities: dict[str, Any]) -> None:
    """A tap's payload is its intent and its entities as JSON, which any text survives."""
    written = payload("choose", entities)
    assert written.startswith("/choose")
    assert (written == "/choose") == (not entities)
