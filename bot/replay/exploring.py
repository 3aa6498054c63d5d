"""What today's bot answers, beside what was said when a conversation took place.

Nothing passes or fails: the words of people, or of another bot, are nothing to be equal to. It
shows what applicants who write as these did would get today.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.table import Table
from rich.text import Text

from bot.console import Console
from bot.definitions import Definitions
from bot.replay.answer import Answer
from bot.replay.played import Played
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.replay.suite import Stage
from bot.replay.turns import Turn


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


async def explore(path: Path, definitions: Definitions, stage: Stage) -> Exploration:
    """Play a recording and set its turns beside today's answers.

    Raises:
        RecordingError: the file is no recording.
    """
    recording = Recording.read(path)
    async with stage() as rehearse:
        played = await play(recording, definitions, rehearse)
    return Exploration(str(path), recording.script.title, tuple(_rows(played)))


def _rows(played: Played) -> list[Row]:
    said: dict[int, list[str]] = {}
    problems: dict[int, str] = {}
    for exchange in played.exchanges:
        said.setdefault(exchange.at, []).extend(_shown(Answer.of(got)) for got in exchange.got)
        problems[exchange.at] = problems.get(exchange.at) or exchange.problem
    rows = []
    for at, turn in enumerate(played.recording.script.turns):
        line = played.recording.document.place(("turns", at)).line
        problem = problems.get(at, "")
        rows.append(Row(line, turn.prompt, _was(turn), tuple(said.get(at, ())), problem))
        if problem:
            break
    return rows


def _was(turn: Turn) -> tuple[str, ...]:
    if not turn.was:
        return tuple(map(_shown, turn.bot or ()))
    each = [turn.was] if isinstance(turn.was, str) else turn.was
    return tuple(one.strip() if isinstance(one, str) else str(dict(one)) for one in each)


def _shown(answer: Answer) -> str:
    """A message as text, with what can be tapped below it."""
    part = answer.contains or answer.matches or answer.reply
    words = answer.text.strip() or f"… {part} …"
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
