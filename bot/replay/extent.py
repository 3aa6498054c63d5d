"""How much of a live conversation is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.dialogue.flow import Flow

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Extent:
    """Whole episodes, each from its first message on.

    Args:
        since: those that were not over by then; all, if nothing is said.
        last: the last so many; likewise.
    """

    since: datetime | None = None
    last: int | None = None

    def of(self, records: Sequence[Record], flows: Mapping[str, Flow]) -> list[Record]:
        """The records of these episodes.

        Args:
            records: of a whole conversation, oldest first.
            flows: by name; they say where an episode is over.
        """
        begins = [at for at, each in enumerate(records) if not at or _begins_anew(each, flows)]
        ends = [*begins[1:], len(records)]
        episodes = [records[a:b] for a, b in zip(begins, ends, strict=True)]
        if since := self.since:
            episodes = [each for each in episodes if each[-1]["at"] >= since]
        if self.last is not None:
            episodes = episodes[-self.last :]
        return [record for episode in episodes for record in episode]


WHOLE: Final = Extent()


def _begins_anew(record: Record, flows: Mapping[str, Flow]) -> bool:
    """Whether the episode before was over, and the message of this turn began another one."""
    before, after = record["before"], record["after"]
    if not before:
        return True
    if "message" not in record or len(before) > 1 or before[0] == after[0]:
        return False
    name, _, state = before[0].partition(".")
    known = flows[name].states.get(state) if name in flows else None
    return known is not None and known.end
