"""What came in, whatever became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in.

    Args:
        kind: ``message``, ``read``, ``media`` or ``about``.
        body: the JSON sent; for media its type and id.
        problems: what Meta would find wrong with it.
        taken: whether it was answered as sent (or taken and its answer lost).
    """

    kind: str
    account: str
    body: Any
    problems: list[str] = field(default_factory=list)
    taken: bool = False
