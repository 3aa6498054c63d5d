"""The command ``antre replay --suggest``: recordings for what none exercises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from rich.text import Text

from bot.console import Console
from bot.definitions import Definitions
from bot.errors import ConfigError
from bot.logs import configure_logs
from bot.rehearsing.studio import Studio, studio
from bot.replay.coverage import WHAT_COUNTS, Coverage
from bot.replay.points import GUARD, Point
from bot.replay.recording import Recording, recordings_in
from bot.replay.suggesting.search import Search, Suggestion, Unfound
from bot.replay.suggesting.sketch import Sketch
from bot.replay.suggesting.tries import Examples
from bot.settings import Settings
from nlu.corpus import read_corpus
from nlu.phrases import PHRASES

FEW: Final = 12
"""So many examples of an intent are tried, beside the exact forms."""

PLAIN: Final[Mapping[str, Sequence[Any]]] = {
    "approve": ["ya"],
    "ask_dates": ["#tgllayanan", "tanggal apa saja"],
    "ask_office": ["kantornya di mana"],
    "ask_requirements": ["syarat apa saja"],
    "ask_status": ["#status"],
    "cancel": ["#batal"],
    "change_language": ["english", "bahasa indonesia"],
    "choose_date": ["besok", "lusa", "minggu depan", "10 hari lagi"],
    "choose_option": ["2", "1"],
    "choose_time": ["jam 10"],
    "erase_data": ["#hapus"],
    "family": ["untuk 3 orang", "anak saya Ani Contoh, 3 Mei 2021"],
    "give_code": ["12345678"],
    "greet": ["halo"],
    "inform": ["Budi Contoh", "25-01-1987", "nama saya Budi Contoh"],
    "malformed_form": ["#RINA#31021990#", "#Ani Contoh#31022023\n#Budi Contoh#25011987"],
    "register": ["mau daftar"],
    "reject": ["tidak"],
    "reschedule": ["#pindah"],
    "restart": ["mulai lagi"],
    "send_media": [{"image": ""}, {"voice": ""}],
    "submit_identity": ["#RINA WULANDARI#28021990", "#ANI CONTOH#25011987#Jalan Contoh 1"],
    "talk_to_staff": ["mau bicara dengan petugas"],
    "thanks": ["terima kasih"],
}
"""What means one thing, in words that no training data need have."""

_WORD: Final = re.compile(r"[^a-z0-9]+")
_SENDER: Final = "6281200000001"
_MORNING: Final = time(9)


@dataclass(frozen=True, slots=True)
class Written:
    """A suggestion that was written, and whether it does what it was made for."""

    path: Path
    target: Point
    covers: bool


async def suggest_here(
    settings: Settings,
    paths: Sequence[Path],
    folder: Path,
    console: Console,
    wanted: Callable[[Point], bool] = lambda point: point.kind in {*WHAT_COUNTS, GUARD},
) -> bool:
    """Write recordings that exercise what the given ones do not; whether nothing is left.

    Args:
        wanted: what to look for.

    Raises:
        RecordingError: a path is not there.
        ConfigError: the folder cannot be written.
        FlowError: the definitions have mistakes.
    """
    configure_logs("critical", "console")
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(studio(settings, coverage=True))
        if here.watch is None:
            return True
        coverage = Coverage(here.watch.atlas)
        search = Search(here.watch, here.stage, coverage, _examples(settings), wanted)
        for path in _recordings(paths):
            coverage.add(path, (await here.replay(path)).passes)
            recording = Recording.read(path)
            if not recording.script.journal:
                await search.visit(Sketch.of(recording))
        for header in _beginnings(here.definitions):
            await search.visit(Sketch(header))
        with console.status("looking") as status:
            found = await search.suggestions(lambda left: status.update(f"{left} missing"))
        written = [await _checked(_write(each, folder), each, here, coverage) for each in found]
    _show(written, search.unfound(), coverage, search.played, console)
    return all(each.covers for each in written) and not search.unfound()


def _recordings(paths: Sequence[Path]) -> Iterator[Path]:
    """The recordings there are; a folder may be empty still."""
    filled = [path for path in paths if not (path.is_dir() and not list(path.rglob("*.yml")))]
    yield from recordings_in(filled)


def _examples(settings: Settings) -> Examples:
    """Messages by what they mean: exact ones, then some of those that are learnt from."""
    by_intent: dict[str, list[str]] = {}
    for example in read_corpus(settings.flows.training).examples:
        by_intent.setdefault(example.intent, []).append(example.text)
    random = Random(1)  # noqa: S311 - the same every time
    few = {i: random.sample(texts, min(FEW, len(texts))) for i, texts in by_intent.items()}
    phrases = {intent: words[:FEW] for intent, words in PHRASES}
    sources: tuple[Mapping[str, Sequence[Any]], ...] = (PLAIN, few, phrases)
    intents = dict.fromkeys(intent for each in sources for intent in each)
    return {i: [one for each in sources for one in each.get(i, ())] for i in intents}


def _beginnings(definitions: Definitions) -> Iterator[Mapping[str, object]]:
    """A header for each flow that offices begin with: on a Monday to come, at nine."""
    seen = set[str]()
    for office in definitions.offices:
        if office.flow in seen:
            continue
        seen.add(office.flow)
        today = office.today(datetime.now(UTC))
        monday = today + timedelta(days=7 - today.weekday())
        now = datetime.combine(monday, _MORNING, office.zone)
        contact = {"sender": _SENDER}
        yield {"now": now.isoformat(), "office": office.id, "contact": contact}


def _write(suggestion: Suggestion, folder: Path) -> Path:
    """Write what happens.

    Raises:
        ConfigError: it cannot be written.
    """
    target, sketch = suggestion.target, suggestion.sketch
    path = folder / f"{_WORD.sub('_', f'{target.part} {target.name}'.lower()).strip('_')}.yml"
    why = [f"# Suggested for {target.place.file}:{target.place.line}: {target.kind} {target.name}"]
    if sketch.cost[0]:
        why.append(
            "# TODO: an action ends here as it is told (acted); where fixtures or staff can bring "
            "that about,\n# use them: they test the action too."
        )
    why.append("# TODO: read every answer as the applicant would, and give it a title.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = sketch.text(f"Suggested: {target.part}, {target.name}")
        path.write_text("\n".join([*why, text]), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"--suggest: {path} cannot be written: {error.strerror}") from None
    return path


async def _checked(path: Path, suggestion: Suggestion, here: Studio, coverage: Coverage) -> Written:
    """Write what the bot says to it, and see whether it does what it was made for."""
    target = suggestion.target
    await here.replay(path, updating=True)
    _silences(path)
    result = await here.replay(path)
    coverage.add(path, result.passes)
    covers = result.passed and coverage.is_passed(target, strong=True)
    return Written(path, target, covers)


def _silences(path: Path) -> None:
    """Write ``bot: []`` under turns to which nothing is said: so that is checked too."""
    recording = Recording.read(path)
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    turns = recording.script.turns
    places = [recording.document.place(("turns", at)) for at in range(len(turns))]
    ends = [place.line - 1 for place in places[1:]]
    for turn, end in reversed(list(zip(turns, [*ends, len(lines)], strict=True))):
        if turn.bot is None and turn.happens:
            lines.insert(end, " " * (places[0].column - 1) + "bot: []")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _show(
    written: Sequence[Written],
    unfound: Sequence[Unfound],
    coverage: Coverage,
    played: int,
    console: Console,
) -> None:
    for each in written:
        mark, style = ("new", "green") if each.covers else ("FAIL", "bold red")
        target = each.target
        told = f"{target.place.file}:{target.place.line}: {target.kind} {target.name}"
        line = Text.assemble((f"{mark:<5}", style), f"{each.path}  ", (told, "dim"))
        console.print(line, soft_wrap=True)
    for left in unfound:
        at = left.target.place
        told = f"{at.file}:{at.line}: {left.target.kind} {left.target.name}: not found; {left.why}"
        console.print(Text(told, "yellow"), soft_wrap=True)
    points = [point for point in coverage.atlas if point.kind in {*WHAT_COUNTS, GUARD}]
    missed = sum(not coverage.is_passed(point, strong=True) for point in points)
    console.print(
        f"{len(written)} suggestions; {missed} of {len(points)} states, transitions and guards are "
        f"missed still; {played} played; {coverage.percent():.1f} % of states and transitions"
    )
