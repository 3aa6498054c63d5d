"""What today's bot answers, beside what was said when a conversation took place.

Nothing passes or fails: the words of people, or of another bot, are nothing to be equal to. It
shows what applicants who write as these did would get today.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.definitions import Definitions
from bot.replay.player import Played, Rehearse, play
from bot.replay.recording import Answer, Recording, Turn


@dataclass(frozen=True, slots=True)
class Row:
    """One turn.

    Args:
        line: where it stands in its file.
        happens: what the applicant sends, or how long nothing does.
        was: what was said to it then; of a recording without that, what it expects.
        now: what the bot says today.
        problem: why it could not be played.
    """

    line: int
    happens: str
    was: tuple[str, ...]
    now: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Exploration:
    """A recording as it would go today."""

    file: str
    title: str
    rows: tuple[Row, ...]


async def explore(
    paths: Sequence[Path], definitions: Definitions, rehearse: Rehearse
) -> list[Exploration]:
    """Play recordings and set their turns beside today's answers.

    Raises:
        RecordingError: a file is no recording.
    """
    found = []
    for path in paths:
        played = await play(Recording.read(path), definitions, rehearse)
        found.append(Exploration(str(path), played.recording.script.title, tuple(_rows(played))))
    return found


def _rows(played: Played) -> list[Row]:
    said: dict[int, list[str]] = {}
    problems: dict[int, str] = {}
    for exchange in played.exchanges:
        said.setdefault(exchange.at, []).extend(_shown(Answer.of(got)) for got in exchange.got)
        problems[exchange.at] = exchange.problem
    rows = []
    for at, turn in enumerate(played.recording.script.turns):
        line = played.recording.document.place(("turns", at)).line
        was = turn.was or tuple(map(_shown, turn.bot or ()))
        problem = problems.get(at, "")
        rows.append(Row(line, _happens(turn), was, tuple(said.get(at, ())), problem))
        if problem:
            break
    return rows


def _happens(turn: Turn) -> str:
    if turn.user:
        return str(turn.user)
    return f"{turn.wait} later" if turn.wait else f"a seat of {turn.freed} is given up"


def _shown(answer: Answer) -> str:
    """A message as text, with what can be tapped below it."""
    words = answer.text.strip() or f"… {answer.contains} …"
    return "\n".join([words, *(f"[{title}]" for title in answer.buttons)])


def show_exploration(exploration: Exploration, console: Console) -> None:
    """Print a table: what happens, what was said then, what is said today."""
    console.print(Text(f"{exploration.file}  {exploration.title}", "bold"))
    table = Table(show_lines=True, expand=True)
    table.add_column("line", justify="right", style="dim")
    for title, share in (("applicant", 2), ("then", 3), ("today", 3)):
        table.add_column(title, ratio=share, overflow="fold")
    for row in exploration.rows:
        today = Text(row.problem, "red") if row.problem else Text("\n\n".join(row.now))
        table.add_row(str(row.line), Text(row.happens), Text("\n\n".join(row.was)), today)
    console.print(table)


def as_json(explorations: Sequence[Exploration]) -> str:
    """All of them as ``[{file, title, rows: [{line, happens, was, now, problem}]}]``."""
    return json.dumps([asdict(each) for each in explorations], ensure_ascii=False, indent=2) + "\n"
