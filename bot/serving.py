"""Running a bot: settings for each command, the web server, the terminal."""

from __future__ import annotations

import asyncio
import getpass
import signal
import socket
from collections.abc import Callable

from aiohttp import web

from bot.app import stored_bot, stored_versions
from bot.channels.terminal import chat, read_stdin
from bot.classifiers import chosen_classifier
from bot.clock import Clock, system_clock
from bot.command_settings import address_of, cannot_listen
from bot.console import Console
from bot.dialogue.store import Contact
from bot.dialogue.vocabulary import Vocabulary
from bot.document import meant
from bot.errors import ConfigError
from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.publishing import difference, open_conversations, publish, roll_back
from bot.service import HEALTH, served
from bot.settings import Settings
from bot.share import ALONE, ServeShare

SHUTDOWN_SECONDS = 10.0


async def serve(
    settings: Settings,
    clock: Clock,
    *,
    demo: bool,
    ready: Callable[[str], None],
    share: ServeShare = ALONE,
    listening: socket.socket | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        ready: called with the address once requests are answered.
        share: which of several processes that serve together this one is.
        listening: a socket they share; without one this process opens its own.
        stop: ends serving as the signals do.

    Raises:
        ConfigError: the address cannot be used.
        FlowError: what counts, the last publication or else the folder, has mistakes.
    """
    metrics = Metrics()
    configure_logs(settings.log.level, settings.log.format, metrics.alarmed)
    stop = stop or asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with served(settings, clock, demo=demo, metrics=metrics, share=share) as app:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            await _site(runner, settings, listening).start()
        except OSError as error:
            await runner.cleanup()
            raise cannot_listen(settings, error) from None
        app[HEALTH].serve()
        ready(address_of(settings))
        await stop.wait()
        app[HEALTH].leave()
        await asyncio.sleep(settings.server.leave_seconds)
        await runner.cleanup()


def _site(
    runner: web.AppRunner, settings: Settings, listening: socket.socket | None
) -> web.BaseSite:
    if listening is None:
        return web.TCPSite(runner, settings.server.host, settings.server.port)
    return web.SockSite(runner, listening)


async def chat_here(settings: Settings, clock: Clock, office: str) -> str:
    """Chat in this terminal, as the user of this machine; the id of the conversation.

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
    return contact.conversation_id


async def publish_here(
    settings: Settings,
    author: str,
    note: str,
    vocabulary: Vocabulary | None = None,
    replayed: str = "",
    forced: str = "",
) -> str:
    """Publish the folder's flows; what was done, in words.

    Args:
        vocabulary, replayed, forced: as :func:`bot.publishing.publish` takes them.

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
            replayed=replayed,
            forced=forced,
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
        open_on = dict(await open_conversations(versions, standing))
    lines = []
    for at, each in enumerate(history):
        mark = "*" if at == 0 else " "
        standing_there = open_on.pop(each.version, 0)  # told once, where it was published last
        when = f"{each.at.astimezone():%Y-%m-%d %H:%M}"
        who = f"{when}  {each.author:<12}  {standing_there:>4} open"
        forced = f"  (forced: {each.forced})" if each.forced else ""
        line = f"{mark}{each.number:>4}  {each.version}  {who}  {each.note}{forced}"
        lines.append(line.rstrip())
    if open_on:
        lines.append(f"{sum(open_on.values())} open on what was never published")
    return lines or ["nothing is published; the folder is served"]
