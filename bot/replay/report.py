"""What differs, as a person reads it: where, to what message, and side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import StringIO
from itertools import zip_longest
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from bot.console import Console
from bot.errors import Finding, Place
from bot.replay.agreeing import part_of, shown
from bot.replay.answer import BESIDE, Answer, Told
from bot.replay.played import Difference, Exchange, Played

MISSING, INSTEAD, OTHER, SAME = "-", "+", "≠", " "
_SIGNS: Final = {"barcode": "▌▌▌", "picture": "▣"}
_STYLES: Final = {MISSING: ("red", ""), INSTEAD: ("", "green"), OTHER: ("red", "green")}

SIDES: Final = ("expected", "said")
"""Titles of what is compared."""

WIDTH: Final = 110
"""Of a comparison where nobody says how wide the page is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison.

    Args:
        mark: :data:`MISSING`, :data:`INSTEAD`, :data:`OTHER` or :data:`SAME`.
    """

    mark: str
    expected: str
    said: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with a recording.

    Args:
        place: in its file.
        what: is wrong.
        rows: what was expected beside what was said; none where words say it all.
        notes: the state, and what was understood.
    """

    place: Place
    what: str
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """``FILE:LINE:COL: what``; without a file only what."""
        return f"{self.place}: {self.what}" if self.place.file else self.what

    def __str__(self) -> str:
        """As plain text."""
        return self.as_text(SIDES)

    def as_text(self, titles: tuple[str, str]) -> str:
        """As plain text, with other titles of what is compared."""
        out = StringIO()
        show(self, Console(file=out, width=WIDTH, color_system=None), titles)
        return "\n".join(line.rstrip() for line in out.getvalue().splitlines())

    def as_document(self) -> dict[str, Any]:
        """JSON-like."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "what": self.what,
            "expected": [row.expected for row in self.rows if row.mark != INSTEAD],
            "said": [row.said for row in self.rows if row.mark != MISSING],
            "notes": list(self.notes),
        }


def complaints_about(played: Played, *, left_over: bool = False) -> list[Complaint]:
    """All that is not as recorded.

    Args:
        left_over: only what an update does not put right.
    """
    found = [
        _complaint(played, exchange, difference)
        for exchange in played.exchanges
        for difference in exchange.differences
        if not (left_over and difference.can_be_written)
    ]
    return sorted(found, key=lambda each: (each.place.line, each.place.column))


def complaint_of(finding: Finding) -> Complaint:
    """A mistake in the file itself."""
    return Complaint(finding.place, finding.message)


def show(complaint: Complaint, console: Console, titles: tuple[str, str] = SIDES) -> None:
    """Print a complaint, in colour where there is any.

    Args:
        titles: of what is compared.
    """
    console.print(Text(complaint.headline, "bold"), soft_wrap=True)
    if complaint.rows:
        table = Table(box=None, pad_edge=False, padding=(0, 1), width=min(console.width, WIDTH))
        table.add_column("", width=3, justify="right")
        for title in titles:
            table.add_column(title, ratio=1, overflow="fold", header_style="dim")
        for row in complaint.rows:
            left, right = _STYLES.get(row.mark, ("", ""))
            table.add_row(row.mark, Text(row.expected, left), Text(row.said, right))
        console.print(table)
    for note in complaint.notes:
        console.print(Text(f"    {note}", "dim"), soft_wrap=True)


def compared(expected: Sequence[str], said: Sequence[str]) -> Iterator[Row]:
    """Two texts line by line, what is the same on the same row."""
    matcher = SequenceMatcher(None, expected, said, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        for left, right in zip_longest(expected[a:b], said[c:d]):
            mark = MISSING if right is None else INSTEAD if left is None else OTHER
            yield Row(SAME if kind == "equal" else mark, left or "", right or "")


def _complaint(played: Played, exchange: Exchange, difference: Difference) -> Complaint:
    place = played.place(difference)
    notes = tuple(_notes(exchange))
    if difference.message:
        return Complaint(place, difference.message, notes=notes if not exchange.problem else ())
    got = [Answer.of(reply) for reply in exchange.got]
    if exchange.expected is None:
        what = f"no answer to {exchange.prompt} is recorded; --update writes it"
        return Complaint(place, what, tuple(compared((), list(lines_of(got)))), notes)
    # What is right is shown as the bot said it, so that 'contains' is no difference by itself.
    expected = [
        got[at] if at < len(got) and answer.fits(exchange.told[at]) else answer
        for at, answer in enumerate(exchange.expected)
    ]
    rows = tuple(compared(list(lines_of(expected)), list(lines_of(got))))
    wrong = exchange.wrong_message or ()
    keys = _keys(exchange.told, wrong)
    return Complaint(place, f"the answer to {exchange.prompt} differs", rows, (*keys, *notes))


def _keys(told: Sequence[Told], wrong: Sequence[Any]) -> Iterator[str]:
    """Which reply was said where another was expected."""
    if "reply" in wrong or "with" in wrong:
        each = told[wrong[1]]
        yield f"the reply said is {each.key or 'none'}"
        if each.speaks_of:
            named = sorted(each.speaks_of)
            said = (f"{path}: {shown(part_of(each.variables, path))}" for path in named)
            yield f"it speaks of {', '.join(said)}"


def _notes(exchange: Exchange) -> Iterator[str]:
    """What helps to see why."""
    if exchange.understood:
        yield f"understood: {understanding(exchange.understood)}"
    if exchange.state:
        yield f"state: {exchange.state}"
    yield from exchange.endings


def understanding(understood: Mapping[str, Any]) -> str:
    """``choose_date, sure to 0.93, service_date 2026-11-24`` of a journal's record."""
    entities = [f"{each['type']} {each['value']}" for each in understood.get("entities", ())]
    sure = f"sure to {understood.get('confidence', 0):.2f}"
    return ", ".join([str(understood["intent"]), sure, *entities])


def lines_of(answers: Sequence[Answer]) -> Iterator[str]:
    """Messages as lines of text, a rule between them."""
    for at, answer in enumerate(answers):
        if at:
            yield "────"
        if answer.contains:
            yield f"… {answer.contains} …"
        if answer.matches:
            yield f"/{answer.matches}/"
        if answer.reply:
            yield f"the reply {answer.reply}"
            yield from (f"  with {name}: {value}" for name, value in answer.values.items())
        yield from answer.text.strip().splitlines()
        if answer.menu:
            yield f"≡ {answer.menu}"
        yield from (f"[{title}]" for title in answer.buttons)
        for part in BESIDE:
            if told := getattr(answer, part):
                yield f"{_SIGNS.get(part, part + ':')} {told}"
