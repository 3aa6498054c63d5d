"""The command ``antre replay``."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.options import CONFIG, PAGE, Config, Data
from bot.commands.traffic import Asked, replay_traffic
from bot.console import Console
from bot.errors import AntreError, ConfigError

if TYPE_CHECKING:
    from bot.rehearsing.running import Verdict, Wishes
    from bot.settings import Settings

say = Console(stderr=True, soft_wrap=True)


def replay(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Recordings, or folders of them.")
    ] = None,
    *,
    only: Annotated[
        str, typer.Option("-k", help='Only those: "family and not late", in path or title.')
    ] = "",
    first_only: Annotated[
        bool, typer.Option("-x", help="Stop at the first that is not as recorded.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes.", min=1, max=64)] = 1,
    provider: Annotated[
        Literal["local", "rasa"] | None,
        typer.Option(help="Who ranks meanings; else as settings say."),
    ] = None,
    storage: Annotated[
        Literal["memory", "mongo"],
        typer.Option(help="Where conversations are kept: `mongo` is the embedded database."),
    ] = "memory",
    update: Annotated[
        bool, typer.Option("--update", help="Write what the bot says into the recordings.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Show how much of the flows was exercised.")
    ] = False,
    coverage_json: Annotated[
        Path | None, typer.Option(help="Write it as JSON, every point with its line.")
    ] = None,
    coverage_html: Annotated[
        Path | None, typer.Option(help="Write pages into this folder, one a file of the flows.")
    ] = None,
    fail_under: Annotated[
        float | None,
        typer.Option(help="Exit code 1 if less of the states and transitions is.", min=0, max=100),
    ] = None,
    explore: Annotated[
        bool,
        typer.Option(
            "--explore", help="Show today's answers beside what was said then; nothing fails."
        ),
    ] = False,
    stored: Annotated[
        bool,
        typer.Option(
            "--stored", help="Those of the settings' folder, and over them the database's."
        ),
    ] = False,
    from_storage: Annotated[
        bool,
        typer.Option(
            "--from-storage",
            help="Not recordings but the conversations that took place, on edited flows.",
        ),
    ] = False,
    since: Annotated[
        str, typer.Option(help="Of those: the first day that counts, or how many days back.")
    ] = "7",
    until: Annotated[str, typer.Option(help="The last day; else today.")] = "",
    office: Annotated[str, typer.Option(help="Id of the only office; else all.")] = "",
    flows: Annotated[
        Path | None, typer.Option(help="Folder of the edited flows; else that of the settings.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(help="At most so many of each office, the last.", min=1)
    ] = None,
    suggest: Annotated[
        bool,
        typer.Option("--suggest", help="Write recordings for what these do not exercise."),
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder that suggestions are written into.")
    ] = Path("suggested"),
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Run actions also where a recorded journal says how they ended."
        ),
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the results as JSON.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the results as JUnit XML.")] = None,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Replay recorded conversations.

    Exit code 0: all is as recorded. 1: the bot answers differently, or less than
    `--fail-under` is exercised, or not all could be suggested. 2: a recording, the flows or
    the settings cannot be used.
    """
    from bot.rehearsing.covering import Showing  # noqa: PLC0415 - `--help` need not load it all
    from bot.rehearsing.running import (  # noqa: PLC0415
        Verdict,
        Wishes,
        explore_here,
        replay_here,
    )
    from bot.rehearsing.suggesting import suggest_here  # noqa: PLC0415

    asked = coverage or coverage_json or coverage_html or fail_under is not None
    showing = Showing(coverage_json, coverage_html, fail_under) if asked else None
    wishes = Wishes(only, first_only, jobs, storage, update, showing, json, junit, live)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PAGE
    try:
        if from_storage:
            if paths or stored:
                raise ConfigError("--from-storage takes no recordings; leave the paths out")
            traffic = Asked(since, until, office, flows, limit, provider, json, junit)
            raise typer.Exit(int(replay_traffic(traffic, config, data, console)))
        _refuse_unclear(paths, stored=stored, changing=update or explore or suggest)
        settings = _settings(config, data, stored=stored)
        if provider:
            nlu = settings.nlu.model_copy(update={"provider": provider})
            settings = settings.model_copy(update={"nlu": nlu})
        if explore:
            asyncio.run(explore_here(settings, paths or [], wishes, console))
            return
        if suggest:
            covered = asyncio.run(suggest_here(settings, paths or [], output, console))
            raise typer.Exit(int(not covered))
        verdict = asyncio.run(
            _stored(settings, wishes, console)
            if stored
            else replay_here(settings, paths or [], wishes, console)
        )
    except AntreError as error:
        say.print(str(error), markup=False, highlight=False, style="red")
        verdict = Verdict.UNUSABLE
    if verdict:
        raise typer.Exit(int(verdict))


def _refuse_unclear(paths: list[Path] | None, *, stored: bool, changing: bool) -> None:
    if bool(paths) == stored:
        why = "name recordings, as tests/conversations, or say --stored or --from-storage"
        raise ConfigError(why)
    if stored and changing:
        raise ConfigError("--stored only replays; to change recordings, export them first")


def _settings(config: Path, data: Path | None, *, stored: bool) -> Settings:
    from bot.command_settings import demo_settings, stored_settings  # noqa: PLC0415

    return (
        stored_settings(config, os.environ, data=data)
        if stored
        else demo_settings(config, os.environ)
    )


async def _stored(settings: Settings, wishes: Wishes, console: Console) -> Verdict:
    from bot.rehearsing.gate import recordings_that_count  # noqa: PLC0415
    from bot.rehearsing.running import replay_here  # noqa: PLC0415

    async with recordings_that_count(settings) as paths:
        return await replay_here(settings, paths, wishes, console)
