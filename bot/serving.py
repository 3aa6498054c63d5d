"""Running a bot: settings for each command, the web server, the terminal."""

from __future__ import annotations

import asyncio
import getpass
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from aiohttp import web
from rich.console import Console

from bot.app import served, stored_bot, stored_versions
from bot.booking.calling import Calls
from bot.booking.life import staff
from bot.channels.terminal import chat, read_stdin
from bot.classifiers import chosen_classifier
from bot.clock import Clock, system_clock
from bot.dialogue.store import Contact
from bot.dialogue.vocabulary import Vocabulary
from bot.document import meant
from bot.errors import ConfigError
from bot.health import Metrics
from bot.logs import configure_logs
from bot.publishing import difference, open_conversations, publish, roll_back
from bot.settings import SECRETS, Settings, load_settings

SHUTDOWN_SECONDS = 10.0


def demo_settings(
    config: Path,
    environ: Mapping[str, str],
    *,
    port: int | None = None,
    data: Path | None = None,
) -> Settings:
    """Settings of ``antre demo``: this machine only, and no secrets whatever is set but Rasa's.

    The demo is open to whoever sits at this machine, so it must never reach a real office.
    """
    open_environ = {
        name: value
        for name, value in environ.items()
        if name not in SECRETS or name == "ANTRE_RASA_TOKEN"
    }
    return _overridden(load_settings(config, open_environ), "127.0.0.1", port, data)


def stored_settings(
    config: Path, environ: Mapping[str, str], *, data: Path | None = None
) -> Settings:
    """Settings of commands that work on the database of ``antre serve``."""
    return _overridden(load_settings(config, environ), None, None, data)


def serve_settings(
    config: Path,
    environ: Mapping[str, str],
    *,
    host: str | None = None,
    port: int | None = None,
    data: Path | None = None,
) -> Settings:
    """Settings of ``antre serve``.

    Raises:
        ConfigError: naming every secret that is missing.
    """
    settings = _overridden(load_settings(config, environ), host, port, data)
    missing = settings.secrets.missing_for_serve(rest=settings.rest.enabled)
    if missing:
        raise ConfigError(
            "antre serve needs these environment variables, which are not set:\n"
            + "\n".join(f"  {variable}" for variable in missing)
            + "\nTo try the bot without WhatsApp, use: antre demo"
        )
    return settings


def _overridden(
    settings: Settings, host: str | None, port: int | None, data: Path | None
) -> Settings:
    server = {key: value for key, value in (("host", host), ("port", port)) if value}
    storage = {"data": data.absolute()} if data else {}
    return settings.model_copy(
        update={
            "server": settings.server.model_copy(update=server),
            "storage": settings.storage.model_copy(update=storage),
        }
    )


async def serve(
    settings: Settings, clock: Clock, *, demo: bool, ready: Callable[[str], None]
) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        ready: called with the address once requests are answered.

    Raises:
        ConfigError: the address cannot be used.
        FlowError: what counts, the last publication or else the folder, has mistakes.
    """
    configure_logs(settings.log.level, settings.log.format)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with served(settings, clock, demo=demo) as app:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        host, port = settings.server.host, settings.server.port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise ConfigError(
                f"cannot listen on {host}:{port}: {error.strerror}; choose another --port"
            ) from None
        ready(f"http://{'localhost' if host == '127.0.0.1' else host}:{port}")
        await stop.wait()
        await runner.cleanup()


async def chat_here(settings: Settings, clock: Clock, office: str) -> None:
    """Chat in this terminal, as the user of this machine.

    Args:
        office: id; empty is the first one.

    Raises:
        ConfigError: there is no such office.
    """
    configure_logs("warning", "console")
    console = Console()
    async with (
        chosen_classifier(settings, Metrics(), console.print) as classifier,
        stored_bot(settings, clock, classifier) as bot,
    ):
        office = office or next(iter(bot.offices)).id
        if bot.offices.get(office) is None:
            known = [known.id for known in bot.offices]
            raise ConfigError(f"--office: no office {office!r}{meant(office, known)}")
        contact = Contact("terminal", getpass.getuser(), office)
        await chat(bot.turns, bot.outbox, contact, read_stdin, console, clock)


async def call_here(settings: Settings, clock: Clock, office_id: str, number: int) -> str:
    """Call a number at an office; what that led to, in words.

    Raises:
        ConfigError: there is no such office.
        AntreError: the day has no such number.
    """
    configure_logs("warning", "console")
    async with stored_bot(settings, clock) as bot:
        office = bot.offices.get(office_id)
        if office is None:
            known = [known.id for known in bot.offices]
            raise ConfigError(f"no office {office_id!r}{meant(office_id, known)}")
        calls = Calls(bot.stores.seats, bot.stores.calls, bot.stores.notices)
        called = await calls.call(office, number, clock(), staff(getpass.getuser()))
    told = f"{called.nearly} told that they are nearly up, {called.late} that it runs late"
    return f"{office.short_name}: number {called.board.number} is called; {told}"


async def publish_here(
    settings: Settings, author: str, note: str, vocabulary: Vocabulary | None = None
) -> str:
    """Publish the folder's flows; what was done, in words.

    Args:
        vocabulary: what messages are understood as; intents and entities are checked if given.

    Raises:
        AntreError: they have mistakes, or nothing has changed.
    """
    configure_logs("warning", "console")
    async with stored_versions(settings) as (versions, _):
        done = await publish(
            versions,
            settings.flows,
            author=author,
            note=note,
            now=system_clock(),
            vocabulary=vocabulary,
        )
    return f"{settings.flows.folder}: published as number {done.number}, version {done.version}"


async def roll_back_here(settings: Settings, version: str, author: str, note: str) -> str:
    """Publish an older version again; what was done, in words.

    Raises:
        AntreError: it is not there, does not fit any more, or is what counts already.
    """
    configure_logs("warning", "console")
    async with stored_versions(settings) as (versions, _):
        done = await roll_back(
            versions, settings.flows, version, author=author, note=note, now=system_clock()
        )
    return f"version {done.version} is published again, as number {done.number}"


async def difference_here(settings: Settings, before: str, after: str | None) -> str:
    """Compare two versions, or one with the folder.

    Raises:
        AntreError: nobody published one of them.
    """
    configure_logs("warning", "console")
    async with stored_versions(settings) as (versions, _):
        return await difference(versions, settings.flows, before, after)


async def versions_here(settings: Settings) -> list[str]:
    """What was published, the newest first, and how many conversations are open on each."""
    configure_logs("warning", "console")
    async with stored_versions(settings) as (versions, conversations):
        history = await versions.history()
        standing = await conversations.standing()
        open_on = dict(await open_conversations(versions, settings.flows, standing))
    lines = []
    for at, each in enumerate(history):
        mark = "*" if at == 0 else " "
        standing_there = open_on.pop(each.version, 0)  # told once, where it was published last
        when = f"{each.at.astimezone():%Y-%m-%d %H:%M}"
        who = f"{when}  {each.author:<12}  {standing_there:>4} open"
        lines.append(f"{mark}{each.number:>4}  {each.version}  {who}  {each.note}".rstrip())
    if open_on:
        lines.append(f"{sum(open_on.values())} open on what was never published")
    return lines or ["nothing is published; the folder is served"]
