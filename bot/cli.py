"""The command ``antre``."""

from __future__ import annotations

import asyncio
import getpass
import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot import __version__
from bot.clock import system_clock
from bot.commands.backup import backup, restore
from bot.commands.calling import call
from bot.commands.doctor.command import doctor
from bot.commands.graph_stub import graph_stub
from bot.commands.importing import import_chat
from bot.commands.inspecting import inspect
from bot.commands.offices import days, office
from bot.commands.options import CONFIG, Author, Config, Data, Note, clock_at
from bot.commands.outbox import outbox
from bot.commands.people import people
from bot.commands.privacy import privacy
from bot.commands.publishing import publish
from bot.commands.recording import record, write_recording
from bot.commands.recordings import recordings
from bot.commands.replay import replay
from bot.commands.reports import report
from bot.commands.staff import staff
from bot.commands.understanding.commands import nlu
from bot.console import Console
from bot.errors import AntreError, ConfigError
from bot.loop import run
from bot.told import WRITTEN

cli = typer.Typer(
    help="Antre: a conversational state-machine bot, and the passport queue over WhatsApp.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
flows = typer.Typer(help="Flows: what staff edit.", no_args_is_help=True)
cli.add_typer(flows, name="flows")
cli.command()(call)
cli.command()(days)
cli.add_typer(graph_stub, name="graph-stub")
cli.command(name="import-chat")(import_chat)
cli.command()(record)
cli.command()(inspect)
cli.add_typer(recordings, name="recordings")
cli.command()(replay)
cli.command()(report)
cli.command()(backup)
cli.command()(restore)
cli.command()(doctor)
cli.add_typer(office, name="office")
versions = typer.Typer(help="What was published: list, compare, go back.")
flows.add_typer(versions, name="versions")
flows.command()(publish)
cli.add_typer(outbox, name="outbox")
cli.add_typer(people, name="people")
cli.add_typer(staff, name="staff")
cli.add_typer(privacy, name="privacy")
cli.add_typer(nlu, name="nlu")

say = Console(stderr=True, soft_wrap=True)


def main() -> None:
    """Run a command; a mistake of the user's is a line of text, never a traceback."""
    try:
        cli()
    except AntreError as error:
        say.print(str(error), markup=False, highlight=False, style="red")
        sys.exit(1)


@cli.callback(invoke_without_command=True)
def about(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Antre: a conversational state-machine bot, and the passport queue over WhatsApp."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


@cli.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet, or empty.")],
    name: Annotated[str, typer.Option(help="As people read it; else the folder's name.")] = "",
) -> None:
    """Begin a bot of your own: settings, flows, replies, an action and a recording that work."""
    from bot.project import new_project  # noqa: PLC0415
    from nlu.vocabulary import INTENTS  # noqa: PLC0415

    written = new_project(folder, name, INTENTS)
    for path in written:
        typer.echo(f"{path}: written")
    typer.echo(f"Talk to it: cd {shlex.quote(str(folder))} && antre demo")


@cli.command()
def demo(
    config: Config = CONFIG,
    port: Annotated[int | None, typer.Option(help="Where to listen.", min=1, max=65535)] = None,
    data: Data = None,
    now: Annotated[str, typer.Option(help="Begin at this moment, as 2017-08-04T09:00+07:00.")] = "",
) -> None:
    """Serve the bot on this machine only: web chat, REST and staff's desk, no secrets needed."""
    from bot.command_settings import demo_settings  # noqa: PLC0415 - `--help` need not load it all
    from bot.serving import serve  # noqa: PLC0415 - `--help` need not load it all

    settings = demo_settings(config, os.environ, port=port, data=data)
    run(serve(settings, clock_at(now), demo=True, ready=_demo_ready))


@cli.command(name="serve")
def serve_(
    config: Config = CONFIG,
    host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    port: Annotated[int | None, typer.Option(help="Where to listen.", min=1, max=65535)] = None,
    workers: Annotated[
        int, typer.Option(help="How many processes serve together.", min=1, max=64)
    ] = 1,
    data: Data = None,
) -> None:
    """Serve an office over WhatsApp. Secrets come from the environment."""
    from bot.command_settings import serve_settings  # noqa: PLC0415

    settings = serve_settings(config, os.environ, host=host, port=port, data=data)
    if workers > 1:
        from bot.workers import Command, serve_together  # noqa: PLC0415

        command = Command(workers, config, host, port, data)
        asyncio.run(serve_together(settings, command, _serve_ready))
        return
    from bot.serving import serve  # noqa: PLC0415

    run(serve(settings, system_clock, demo=False, ready=_serve_ready))


@cli.command()
def chat(
    office: Annotated[str, typer.Option(help="Id of the office; else the first one.")] = "",
    config: Config = CONFIG,
    data: Data = None,
    now: Annotated[str, typer.Option(help="Begin at this moment, as 2017-08-04T09:00+07:00.")] = "",
    recording: Annotated[
        Path | None, typer.Option("--record", help="Then write a recording of the conversation.")
    ] = None,
) -> None:
    """Chat with the bot in this terminal."""
    from bot.command_settings import demo_settings  # noqa: PLC0415
    from bot.serving import chat_here  # noqa: PLC0415

    settings = demo_settings(config, os.environ, data=data)
    conversation = run(chat_here(settings, clock_at(now), office))
    if recording:
        write_recording(settings, conversation, recording)


@flows.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="The flows; else as settings say.")] = None,
    form: Annotated[
        Literal["text", "json", "github"],
        typer.Option("--format", help="How mistakes are written: for people, programs, or CI."),
    ] = "text",
    language: Annotated[
        Literal["id", "en"] | None,
        typer.Option(help="In which people read the mistakes; else the terminal's."),
    ] = None,
    config: Config = CONFIG,
) -> None:
    """Check flows, replies, offices and the project's code; exit 1 with a line for each mistake.

    A `warning:` does not keep the bot from serving them; everything else does.
    """
    from bot.checked import checked_definitions  # noqa: PLC0415
    from bot.errors import FlowError  # noqa: PLC0415
    from bot.findings import written  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    try:
        settings = load_settings(config, os.environ).flows
        if folder:
            settings = settings.model_copy(update={"folder": folder})
        definitions = checked_definitions(settings)
    except (ConfigError, FlowError) as error:
        mistakes: ConfigError | FlowError | None = error
    else:
        warnings = definitions.flows.warnings
        mistakes = FlowError(warnings) if warnings else None
    if mistakes:
        if isinstance(mistakes, FlowError) and form == "text":
            raise AntreError(mistakes.in_language(language or _of_terminal()))
        if form == "text" or not mistakes.findings:
            raise mistakes
        typer.echo(written(mistakes.findings, form))
        raise typer.Exit(1)
    counted = f"{len(definitions.flows.flows)} flows, {len(definitions.offices)} offices"
    typer.echo("[]" if form == "json" else f"{settings.folder}: {counted}, no mistakes")


def _of_terminal() -> str:
    """The language that the environment asks for, as ``LANG=id_ID.UTF-8`` does; else English."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    asked = next((os.environ[name] for name in names if os.environ.get(name)), WRITTEN)
    return asked[:2]


@flows.command()
def schema(
    kind: Annotated[
        Literal["flow", "shared", "replies", "offices", "recording"],
        typer.Argument(help="Which kind of file it is for."),
    ] = "flow",
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write those of all kinds into the flows' folder.")
    ] = False,
    config: Config = CONFIG,
) -> None:
    """Print what an editor must know to complete the keys of a file and to explain them."""
    from bot.definitions import load_code  # noqa: PLC0415
    from bot.schemas import schemas, write_schemas  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415
    from nlu.vocabulary import INTENTS  # noqa: PLC0415

    settings = load_settings(config, os.environ).flows
    code = load_code(settings)
    texts = schemas(code.actions, INTENTS, code.slot_types)
    if not write:
        typer.echo(texts[kind], nl=False)
        return
    for path in write_schemas(settings.folder, texts):
        typer.echo(f"{path}: written")


@flows.command()
def draw(
    flow: Annotated[str | None, typer.Argument(help="The flow to draw; else all of them.")] = None,
    form: Annotated[
        Literal["mermaid", "svg"] | None,
        typer.Option("--format", help="Else as the file's name ends, or mermaid."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file, or a folder for all flows.")
    ] = None,
    coverage: Annotated[
        list[Path] | None,
        typer.Option(help="Recordings, or a folder of them: colours what they pass through."),
    ] = None,
    config: Config = CONFIG,
) -> None:
    """Draw a flow: its states as boxes, what is heard in them as arrows."""
    from bot.command_settings import demo_settings  # noqa: PLC0415
    from bot.definitions import load_definitions  # noqa: PLC0415
    from bot.drawing import drawings, write_drawings  # noqa: PLC0415
    from bot.rehearsing.running import missed_by  # noqa: PLC0415

    settings = demo_settings(config, os.environ)
    form = form or ("svg" if output and output.suffix == ".svg" else "mermaid")
    missed = asyncio.run(missed_by(settings, coverage, say)) if coverage else None
    texts = drawings(load_definitions(settings.flows).flows.flows, flow, form, missed)
    if output is None:
        typer.echo("\n".join(texts.values()), nl=False)
        return
    for path in write_drawings(texts, form, output):
        typer.echo(f"{path}: written")


@flows.command()
def new(
    name: Annotated[str, typer.Argument(help="Its name: small letters, digits and _.")],
    folder: Annotated[Path | None, typer.Option(help="The flows; else as settings say.")] = None,
    config: Config = CONFIG,
) -> None:
    """Begin a new flow: a small one that works, and what it says in every language."""
    from bot.scaffold import new_flow  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    folder = folder or load_settings(config, os.environ).flows.folder
    for path in new_flow(name, folder):
        typer.echo(f"{path}: written")
    typer.echo(f"Edit them, then run: antre flows check {folder}")


@versions.callback(invoke_without_command=True)
def list_versions(
    context: typer.Context,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """List what was published, the newest first; `*` is what counts."""
    from bot.command_settings import stored_settings  # noqa: PLC0415
    from bot.serving import versions_here  # noqa: PLC0415

    if context.invoked_subcommand is None:
        for line in asyncio.run(versions_here(stored_settings(config, os.environ, data=data))):
            typer.echo(line)


@versions.command()
def diff(
    before: Annotated[str, typer.Argument(help="A version, or the number of a publication.")],
    after: Annotated[str | None, typer.Argument(help="Another; else the folder.")] = None,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Compare two versions, line by line."""
    from bot.command_settings import stored_settings  # noqa: PLC0415
    from bot.serving import difference_here  # noqa: PLC0415

    settings = stored_settings(config, os.environ, data=data)
    typer.echo(asyncio.run(difference_here(settings, before, after)), nl=False)


@versions.command()
def rollback(
    version: Annotated[str, typer.Argument(help="A version, or the number of a publication.")],
    note: Note,
    author: Author = "",
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Publish an older version again. Conversations on the newer one end on it."""
    from bot.command_settings import stored_settings  # noqa: PLC0415
    from bot.serving import roll_back_here  # noqa: PLC0415

    settings = stored_settings(config, os.environ, data=data)
    author = author or getpass.getuser()
    typer.echo(asyncio.run(roll_back_here(settings, version, author, note)))


def _demo_ready(url: str) -> None:
    say.print(f"\n  Antre is ready. Open [bold]{url}/desk/demo[/bold] and try both sides.")
    say.print(f"  Applicants alone: [bold]{url}[/bold], staff: [bold]{url}/desk[/bold]")
    say.print("  Stop it with Ctrl-C.\n")


def _serve_ready(url: str) -> None:
    say.print(f"Antre serves WhatsApp at {url}/webhooks/whatsapp (READY)")
