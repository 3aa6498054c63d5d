"""What conversations compare to, counted: how many would change, by cause, an example of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rich.text import Text

from bot.console import Console
from bot.junit import Case
from bot.replay.report import Complaint, show
from bot.replay.traffic.change import Cause, Change
from bot.replay.traffic.comparing import Compared, Found
from bot.replay.traffic.showing import TITLES

SHOWN: Final = 10
"""Changes of one cause that are printed; the JSON has them all."""


@dataclass(slots=True)
class Group:
    """Conversations that would change in the same way.

    Args:
        turns: in which they would.
        example: one of them, with nobody in it.
    """

    example: Complaint
    conversations: int = 0
    turns: int = 0


@dataclass(slots=True)
class Tally:
    """All conversations so far.

    Args:
        conversations: of which at least one turn was compared.
        turns: that were compared.
        varied: those of them that say the same sentences of other things.
        changed: conversations that would go otherwise.
        left_out: turns that could not be compared, by why.
        unfit: conversations of which no turn could be, by why.
    """

    conversations: int = 0
    turns: int = 0
    varied: int = 0
    changed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unfit: Counter[str] = field(default_factory=Counter)
    groups: dict[Change, Group] = field(default_factory=dict)

    def add(self, compared: Compared, example: Callable[[Found], Complaint]) -> None:
        """Count a conversation.

        Args:
            example: makes the example of a change; called for the first of its kind alone.
        """
        self.conversations += bool(compared.turns)
        self.turns += compared.turns
        self.varied += compared.varied
        self.changed += bool(compared.found)
        self.left_out += compared.left_out
        if not compared.turns and compared.left_out:
            self.unfit[compared.left_out.most_common(1)[0][0]] += 1
        for found in compared.found:
            if found.change not in self.groups:
                self.groups[found.change] = Group(example(found))
            self.groups[found.change].turns += 1
        for change in {found.change for found in compared.found}:
            self.groups[change].conversations += 1

    def by_cause(self) -> Iterator[tuple[Cause, Sequence[Group]]]:
        """The groups of every cause there is, the largest first."""
        for cause in Cause:
            own = [group for change, group in self.groups.items() if change.cause is cause]
            if own:
                yield cause, sorted(own, key=lambda each: -each.conversations)

    def summary(self) -> Iterator[str]:
        """How many were compared, how many would change, and what could not be compared."""
        if not self.conversations:
            yield "no conversation of that time was compared"
        else:
            told = _counted(self.conversations, "conversation")
            told += f" compared ({_counted(self.turns, 'turn')}): "
            yield told + (f"{self.changed} would change" if self.changed else "none would change")
        if self.varied:
            told = _counted(self.varied, "answer")
            yield f"{told} would only speak of something else, as an address: no change"
        for why, count in self.unfit.most_common():
            yield f"{_counted(count, 'conversation')} could not be compared: {why}"
        for why, count in self.left_out.most_common():
            yield f"{_counted(count, 'turn')} not compared: {why}"

    def as_document(self) -> dict[str, Any]:
        """JSON-like; nobody is in it."""
        return {
            "conversations": self.conversations,
            "turns": self.turns,
            "changed": self.changed,
            "varied": self.varied,
            "unfit": dict(self.unfit),
            "left_out": dict(self.left_out),
            "causes": [
                {"cause": cause.name.lower(), "changes": [_document(each) for each in groups]}
                for cause, groups in self.by_cause()
            ],
        }

    def cases(self) -> Iterator[Case]:
        """For CI: what was compared as one case, and a failed one for each change."""
        yield Case("traffic", next(self.summary()), "", 0)
        for cause, groups in self.by_cause():
            for group in groups:
                file, told = group.example.place.file, group.example.as_text(TITLES)
                counted = f"{cause}: {group.conversations} conversations"
                yield Case(
                    f"traffic.{cause.name.lower()}", group.example.what, file, 0, counted, told
                )


def show_tally(tally: Tally, console: Console) -> None:
    """Print what would change, by cause, and what was compared."""
    for cause, groups in tally.by_cause():
        count = sum(group.conversations for group in groups)
        console.print(Text(f"\n{cause}: {_counted(count, 'conversation')}", "bold red"))
        for group in groups[:SHOWN]:
            counted = _counted(group.conversations, "conversation")
            console.print(Text(f"  {counted}, {_counted(group.turns, 'turn')}; for example", "dim"))
            show(group.example, console, TITLES)
        if len(groups) > SHOWN:
            console.print(f"  and {len(groups) - SHOWN} more ways; --json FILE has them all")
    if tally.groups:
        console.print()
    for line in tally.summary():
        console.print(line, soft_wrap=True)


def _document(group: Group) -> Mapping[str, Any]:
    counted = {"conversations": group.conversations, "turns": group.turns}
    example = group.example.as_document()
    sides = {"then": example.pop("expected"), "now": example.pop("said")}
    return {**counted, **example, **sides}


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
