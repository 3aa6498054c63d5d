"""The words of understanding: what messages can come out as, told to the flow checker.

The dialogue does not know who understands for it; the application hands this in.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a message can be understood as, whatever the flows are.

    Args:
        intents: every intent; replies whose buttons mean others add those.
        entities: every type of entity; likewise.
        untappable: intents no button can stand for.
        tap_length: characters of an intent or entity type that a button can send back.
    """

    intents: frozenset[str]
    entities: frozenset[str]
    untappable: frozenset[str] = frozenset()
    tap_length: int = 64
