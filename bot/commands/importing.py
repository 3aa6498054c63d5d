"""``antre import-chat``: conversations from elsewhere, made into recordings."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.clock import system_clock
from bot.commands.options import CONFIG, Config, moment_at
from bot.errors import AntreError, ConfigError

if TYPE_CHECKING:
    from bot.replay.importing.importing import Imported


def import_chat(
    export: Annotated[
        Path,
        typer.Argument(
            help="A WhatsApp export (.txt or .zip), a .transcript, or Rasa's stories (.yml)."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The file to write, or a folder for several stories."),
    ] = None,
    *,
    office: Annotated[str, typer.Option(help="Id of the office; else recognised.")] = "",
    bot: Annotated[
        list[str] | None,
        typer.Option(help="Who speaks for the office, as the export names them; else recognised."),
    ] = None,
    applicant: Annotated[
        list[str] | None,
        typer.Option(help="Whose messages to play; twice, if somebody was renamed on the way."),
    ] = None,
    order: Annotated[
        Literal["dmy", "mdy", "ymd"] | None,
        typer.Option(help="Day, month and year of dates; else the whole file tells."),
    ] = None,
    since: Annotated[str, typer.Option(help="The first day to take, as 2024-08-20.")] = "",
    until: Annotated[str, typer.Option(help="The last day to take.")] = "",
    story: Annotated[str, typer.Option(help="Name of the one story to take of several.")] = "",
    now: Annotated[
        str, typer.Option(help="When stories begin, as 2026-11-23T09:00+07:00; else now.")
    ] = "",
    as_is: Annotated[
        bool, typer.Option("--as-is", help="Leave people in it: names, numbers, dates, codes.")
    ] = False,
    config: Config = CONFIG,
) -> None:
    """Make a recording of a chat from elsewhere; says line by line what it leaves out."""
    from bot.booking.office import load_offices  # noqa: PLC0415 - `--help` need not load it all
    from bot.replay.importing.importing import Wishes, imported  # noqa: PLC0415
    from bot.replay.recorder import public_text  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    flows = load_settings(config, os.environ).flows.folder
    offices = load_offices(flows / "offices.yml")
    wishes = Wishes(
        office=office,
        bots=tuple(bot or ()),
        applicants=tuple(applicant or ()),
        order=order,
        since=_day(since, "--since"),
        until=_day(until, "--until"),
        story=story,
        as_is=as_is,
    )
    made = imported(export, offices, moment_at(now) or system_clock(), wishes, public_text(flows))
    files = _files(made, output)
    for each, file in zip(made, files, strict=True):
        for note in each.notes:
            typer.echo(note.at(str(export)), err=True)
        if file is None:
            typer.echo(each.text, nl=False)
        else:
            _write(file, each.text)
        typer.echo(_summary(each, file, as_is=as_is), err=True)


def _files(made: list[Imported], output: Path | None) -> list[Path | None]:
    """Where each recording goes; a folder takes several."""
    if output is not None and (output.is_dir() or str(output).endswith(os.sep)):
        counts: Counter[str] = Counter()
        files: list[Path | None] = []
        for each in made:
            counts[each.name] += 1
            again = f"_{counts[each.name]}" if counts[each.name] > 1 else ""
            files.append(output / f"{each.name}{again}.yml")
        return files
    if len(made) > 1:
        raise ConfigError(
            f"{len(made)} stories are in it; give -o a folder, as -o stories/, or take one: --story"
        )
    return [output]


def _summary(each: Imported, file: Path | None, *, as_is: bool) -> str:
    left_out = sum(note.left_out for note in each.notes)
    warning = (
        "REAL PEOPLE STAND IN IT, with names, numbers and dates as they were: it is personal data"
        if as_is
        else "who could be told is replaced, what nobody could take for a name is not"
    )
    where = f"{file}: written, " if file else ""
    return (
        f"{where}{each.turns} messages of the applicant, {left_out} left out; {warning}: "
        "read it before others do"
    )


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AntreError(f"{file}: cannot be written: {error.strerror}") from None


def _day(written: str, option: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise ConfigError(f"{option}: write a date as 2024-08-20, not {written!r}") from None
