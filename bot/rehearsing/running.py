"""The command ``antre replay``: many recordings, one after the other or at once."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from bot.console import Console
from bot.definitions import load_definitions
from bot.errors import ConfigError
from bot.junit import write_junit
from bot.logs import configure_logs
from bot.rehearsing.covering import Showing, show_and_write, write_json
from bot.rehearsing.jobs import replay_in_processes
from bot.rehearsing.studio import Storage, database_for, keep_what_is_loaded, studio
from bot.replay.choosing import chosen_by
from bot.replay.coverage import Coverage
from bot.replay.exploring import explore, show_exploration
from bot.replay.junit import cases_of
from bot.replay.points import Atlas
from bot.replay.recording import recordings_in
from bot.replay.report import show
from bot.replay.suite import Result
from bot.settings import Settings

LONG = 20
"""From so many recordings on a terminal shows how far it is."""


class Verdict(IntEnum):
    """Exit codes of ``antre replay``."""

    SAME = 0
    DIFFERENT = 1
    UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Wishes:
    """How recordings are to be replayed.

    Args:
        only: an expression over path and title: :func:`bot.replay.choosing.chosen_by`.
        first_only: stop at the first that is not as recorded.
        jobs: processes.
        update: write what the bot says into the files.
        coverage: how to show what is exercised, if anybody asks.
        json: where to write the results as JSON.
        junit: where to write them as JUnit XML.
        live: actions are run also where a journal says how they ended.
    """

    only: str = ""
    first_only: bool = False
    jobs: int = 1
    storage: Storage = "memory"
    update: bool = False
    coverage: Showing | None = None
    json: Path | None = None
    junit: Path | None = None
    live: bool = False


async def replay_here(
    settings: Settings, paths: Sequence[Path], wishes: Wishes, console: Console
) -> Verdict:
    """Replay recordings, and print how each went.

    Raises:
        RecordingError: a path is not there.
        ConfigError: nothing is chosen, --live with --update is asked for, or a file of results
            cannot be written.
        FlowError: the definitions have mistakes.
    """
    configure_logs("warning", "console")
    if wishes.live and wishes.update:
        raise ConfigError("--live tries something out, --update keeps it: choose one")
    chosen = _chosen(paths, wishes.only)
    results: list[Result] = []
    async with AsyncExitStack() as stack:
        mongo_uri = await stack.enter_async_context(database_for(wishes.storage))
        coverage, done = await _begun(stack, settings, chosen, wishes, mongo_uri)
        progress = stack.enter_context(progress_on(console, hidden=len(chosen) < LONG))
        task = progress.add_task("", total=len(chosen))
        running = await stack.enter_async_context(aclosing(done))
        async for result in running:
            results.append(result)
            if coverage:
                coverage.add(result.path, result.passes)
            _print(result, console)
            progress.advance(task)
            if wishes.first_only and not result.passed:
                break
    results.sort(key=lambda each: chosen.index(each.path))
    _sum_up(results, len(chosen), console)
    enough = True
    if coverage and wishes.coverage:
        enough = show_and_write(coverage, settings, wishes.coverage, console)
    _write(results, wishes)
    verdict = verdict_of(results)
    return verdict if enough else max(verdict, Verdict.DIFFERENT)


def verdict_of(results: Sequence[Result]) -> Verdict:
    """What the results come to."""
    if not all(result.usable for result in results):
        return Verdict.UNUSABLE
    return Verdict.SAME if all(result.passed for result in results) else Verdict.DIFFERENT


async def explore_here(
    settings: Settings, paths: Sequence[Path], wishes: Wishes, console: Console
) -> None:
    """Print what is said today beside what was said when recordings took place.

    Raises:
        RecordingError: a path is not there, or no recording.
        ConfigError: nothing is chosen, or the JSON cannot be written.
        FlowError: the definitions have mistakes.
    """
    configure_logs("warning", "console")
    explored = []
    async with AsyncExitStack() as stack:
        mongo_uri = await stack.enter_async_context(database_for(wishes.storage))
        here = await stack.enter_async_context(studio(settings, mongo_uri))
        for path in _chosen(paths, wishes.only):
            explored.append(await explore(path, here.definitions, here.stage))
            show_exploration(explored[-1], console)
    if wishes.json:
        write_json(wishes.json, [asdict(each) for each in explored], "--json")


async def missed_by(
    settings: Settings, paths: Sequence[Path], console: Console
) -> Mapping[str, frozenset[str]]:
    """What recordings never pass, by flow: names of states, and ``state: event`` for steps.

    Raises:
        RecordingError: a path is not there.
    """
    configure_logs("warning", "console")
    async with studio(settings, coverage=True) as here:
        if here.watch is None:
            return {}
        atlas = here.watch.atlas
        coverage = Coverage(atlas)
        for path in recordings_in(paths):
            result = await here.replay(path)
            _print(result, console)
            coverage.add(path, result.passes)
    missed = frozenset(coverage.missed(strong=False))
    flows = {flow for flow, _ in atlas.states}
    return {
        flow: frozenset(name for name, point in atlas.ways(flow) if point in missed)
        for flow in flows
    }


async def _begun(
    stack: AsyncExitStack, settings: Settings, paths: Sequence[Path], wishes: Wishes, mongo_uri: str
) -> tuple[Coverage | None, AsyncGenerator[Result, None]]:
    """What collects the coverage, and the results as they come."""
    jobs = min(wishes.jobs, len(paths))
    if jobs == 1:
        here = await stack.enter_async_context(
            studio(settings, mongo_uri, coverage=wishes.coverage is not None, live=wishes.live)
        )
        keep_what_is_loaded()

        async def one_by_one() -> AsyncGenerator[Result, None]:
            for path in paths:
                yield await here.replay(path, updating=wishes.update)

        return Coverage(here.watch.atlas) if here.watch else None, one_by_one()
    coverage = None
    if wishes.coverage:
        flows = load_definitions(settings.flows).flows
        coverage = Coverage(Atlas(flows, settings.flows.folder))
    return coverage, replay_in_processes(
        paths,
        settings,
        mongo_uri,
        jobs=jobs,
        coverage=wishes.coverage is not None,
        updating=wishes.update,
        live=wishes.live,
    )


def _chosen(paths: Sequence[Path], only: str) -> list[Path]:
    """The recordings that are meant; title and path of each decide."""
    is_chosen, found = chosen_by(only), recordings_in(paths)
    chosen = [path for path in found if is_chosen(f"{path} {_title(path)}")] if only else found
    if not chosen:
        raise ConfigError(f"-k: {only!r} chooses none of {len(found)} recordings")
    return chosen


def _title(path: Path) -> str:
    """The line with the title; a file that cannot be read has none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    return next((line for line in lines if line.startswith("title:")), "")


def progress_on(console: Console, *, hidden: bool = False) -> Progress:
    """A bar for people who wait; nothing where nobody watches."""
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=console,
        transient=True,
        disable=hidden or not console.is_terminal,
    )


def _print(result: Result, console: Console) -> None:
    mark, style = ("ok", "green") if result.passed else ("FAIL", "bold red")
    mark = "new" if result.updated and result.passed else mark
    line = Text.assemble((f"{mark:<5}", style), f"{result.path}  ", (result.title, "dim"))
    console.print(line, soft_wrap=True)
    for complaint in result.complaints:
        show(complaint, console)
    colours = {"-": "red", "+": "green", "@": "cyan"}
    for changed in result.changes.splitlines():
        console.print(Text(f"    {changed}", colours.get(changed[:1], "dim")), soft_wrap=True)


def _sum_up(results: Sequence[Result], chosen: int, console: Console) -> None:
    counted = {
        "as recorded": sum(each.passed and not each.updated for each in results),
        "rewritten": sum(each.updated for each in results),
        "different": sum(each.usable and not each.passed for each in results),
        "unusable": sum(not each.usable for each in results),
        "not played": chosen - len(results),
    }
    told = [f"{count} {name}" for name, count in counted.items() if count]
    seconds = sum(each.seconds for each in results)
    total = f"{chosen} recordings" if chosen > 1 else "1 recording"
    console.print(f"{total}: {', '.join(told)}; {seconds:.1f} s")


def _write(results: Sequence[Result], wishes: Wishes) -> None:
    if wishes.junit:
        write_junit(wishes.junit, "antre replay", cases_of(results))
    if wishes.json:
        document = {
            "verdict": verdict_of(results).name.lower(),
            "recordings": [each.as_document() for each in results],
        }
        write_json(wishes.json, document, "--json")
