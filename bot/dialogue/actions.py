"""Actions: what a flow may ask the world to do, and how each may end.

An action is a coroutine in a file of its own, declared with :func:`action`; a flow names it under
``do`` and handles its outcomes. The registry holds what the flow checker must know of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from types import ModuleType
from typing import Any, TypeVar

from bot.dialogue.care import NOBODY, Care
from bot.dialogue.events import Outcome
from bot.dialogue.store import Contact

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Doing:
    """One run of an action, and all it may look at.

    Args:
        key: ``conversation|message id|step``. An action done again with the same key must have
            the first run's effects and return its result, codes included.
        slots: what the conversation knows.
        heard: entity values of the message that led here, by type.
        now: aware UTC.
        random: for codes; ``secrets.SystemRandom`` outside of recordings and tests.
        services: what the application offers, by type.
        care: the person who has the conversation or should.
    """

    key: str
    contact: Contact
    slots: Mapping[str, Any]
    heard: Mapping[str, Any]
    now: datetime
    random: Random
    services: Mapping[type, Any] = field(repr=False)
    care: Care = NOBODY

    def service(self, kind: type[T]) -> T:
        """The application's instance of ``kind``."""
        found: T = self.services[kind]
        return found


Run = Callable[[Doing], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Action:
    """A declared action.

    Args:
        outcomes: every way it may end.
        gives: slots it may fill.
        uses: slots it cannot do without; something in the flows has to fill them.
        may_use: slots it looks at when they are there.
        hears: entities it looks at in the message that led to it.
        known: slots that are known when it has ended so, by outcome; whatever else it gives may
            be unknown then. ``None``: nothing is declared, and all it gives counts as known.
        example: what it gives, as long as it may get, by slot; texts may use what replies may
            (``{{ office.name }}``). The checker measures replies by it, and knows its keys.
        hands_over: outcomes after which the conversation waits for a person; its flow goes on.
    """

    name: str
    run: Run
    outcomes: frozenset[str]
    gives: frozenset[str]
    summary: str
    uses: frozenset[str] = frozenset()
    may_use: frozenset[str] = frozenset()
    hears: frozenset[str] = frozenset()
    known: Mapping[str, frozenset[str]] | None = None
    example: Mapping[str, Any] = field(default_factory=dict, repr=False)
    hands_over: frozenset[str] = frozenset()

    @property
    def reads(self) -> frozenset[str]:
        """Every slot it may look at."""
        return self.uses | self.may_use


def action(
    *,
    outcomes: tuple[str, ...],
    gives: tuple[str, ...] = (),
    uses: tuple[str, ...] = (),
    may_use: tuple[str, ...] = (),
    hears: tuple[str, ...] = (),
    known: Mapping[str, tuple[str, ...]] | None = None,
    example: Mapping[str, Any] | None = None,
    hands_over: tuple[str, ...] = (),
) -> Callable[[Run], Action]:
    """Declare a coroutine function as an action named like the function.

    Args:
        outcomes: every way it may end.
        gives: slots it may fill.
        uses: slots it cannot do without.
        may_use: slots it looks at when they are there.
        hears: entities of the message that it looks at.
        known: slots that are known after an outcome.
        example: what it gives, as long as it may get.
        hands_over: outcomes after which the conversation waits for a person.
    """
    knows = None if known is None else {end: frozenset(slots) for end, slots in known.items()}

    def declare(run: Run) -> Action:
        summary = (run.__doc__ or "").strip().partition("\n")[0]
        return Action(
            name=run.__name__,
            run=run,
            outcomes=frozenset(outcomes),
            gives=frozenset(gives),
            summary=summary,
            uses=frozenset(uses),
            may_use=frozenset(may_use),
            hears=frozenset(hears),
            known=knows,
            example=example or {},
            hands_over=frozenset(hands_over),
        )

    return declare


def actions_in(package: ModuleType) -> dict[str, Action]:
    """All actions of a package's modules, by name."""
    found: dict[str, Action] = {}
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        found.update({a.name: a for a in vars(module).values() if isinstance(a, Action)})
    return found
