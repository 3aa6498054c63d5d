"""What differs, as a person reads it: where, to what message, and which lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import ndiff

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.errors import Finding
from bot.replay.coverage import REPLIES, Coverage
from bot.replay.player import Exchange, Played
from bot.replay.recording import BESIDE, Answer

_SIGNS = {"barcode": "▌▌▌", "picture": "▣"}
_STYLES = {"-": "red", "+": "green"}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with a recording.

    Args:
        headline: ``FILE:LINE:COL: what``.
        lines: the answer with what is missing (``- ``) and what is there instead (``+ ``).
    """

    headline: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As plain text."""
        return "\n".join([self.headline, *self.lines])


def complaints_about(played: Played) -> list[Complaint]:
    """Every turn that is not as recorded."""
    return [_complaint(played, exchange) for exchange in played.differences]


def complaint_of(finding: Finding) -> Complaint:
    """A mistake in the file itself."""
    return Complaint(str(finding))


def show(complaint: Complaint, console: Console) -> None:
    """Print a complaint, in colour where there is any."""
    console.print(Text(complaint.headline, "bold"))
    for line in complaint.lines:
        console.print(Text(f"    {line}", _STYLES.get(line[:1], "")))


def show_coverage(coverage: Coverage, console: Console) -> None:
    """Print how much of each flow was exercised, and what was not."""
    table = Table("part", box=None, pad_edge=False)
    kinds = {"state": "states", "step": "steps", "reply": "replies"}
    for title in kinds.values():
        table.add_column(title, justify="right")
    for part, counts in coverage.parts().items():
        cells = ["{}/{}".format(*counts[kind]) if kind in counts else "" for kind in kinds]
        table.add_row(part, *cells)
    console.print(table)
    console.print(f"{coverage.percent:.1f} % exercised")
    for part in coverage.parts():
        for kind, title in kinds.items():
            missed = [p.name for p in coverage.missed if (p.part, p.kind) == (part, kind)]
            if missed:
                where = "" if part == REPLIES else f"{part}: "
                console.print(Text(f"{where}{title} not exercised: {', '.join(missed)}", "dim"))


def _complaint(played: Played, exchange: Exchange) -> Complaint:
    place = played.place(exchange)
    if exchange.problem:
        return Complaint(f"{place}: {exchange.problem}")
    got = [Answer.of(reply) for reply in exchange.got]
    if exchange.expected is None:
        headline = f"{place}: no answer to {exchange.prompt} is recorded; --update writes it"
        return Complaint(headline, tuple(f"+ {line}" for line in _lines(got)))
    # What is right is shown as the bot said it, so that 'contains' is no difference by itself.
    expected = [
        got[at] if at < len(got) and answer.matches(exchange.got[at]) else answer
        for at, answer in enumerate(exchange.expected)
    ]
    diff = ndiff(list(_lines(expected)), list(_lines(got)))
    lines = tuple(line.rstrip() for line in diff if not line.startswith("?"))
    return Complaint(f"{place}: the answer to {exchange.prompt} differs", lines)


def _lines(answers: Sequence[Answer]) -> Iterator[str]:
    """Messages as lines of text, a rule between them."""
    for at, answer in enumerate(answers):
        if at:
            yield "────"
        if answer.contains:
            yield f"… {answer.contains} …"
        yield from answer.text.strip().splitlines()
        if answer.menu:
            yield f"≡ {answer.menu}"
        yield from (f"[{title}]" for title in answer.buttons)
        for part in BESIDE:
            if told := getattr(answer, part):
                yield f"{_SIGNS.get(part, part + ':')} {told}"
