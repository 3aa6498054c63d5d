"""``antre backup`` and ``antre restore``: everything the bot keeps, in one file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final, Literal

import typer

from bot import __version__
from bot.clock import system_clock
from bot.commands.options import CONFIG, Config, Data
from bot.errors import AntreError, ConfigError

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.backup_file import Backup, Held
    from storage.driver import Database

PATIENCE: Final = timedelta(minutes=10)
"""A database looks for the first of a million documents longer than an applicant would wait."""

STALE: Final = timedelta(days=1)
"""Messages that wait in an older backup would come out of the blue, most outside the window."""

NAMED: Final = "antre-*.backup"

Waiting = Literal["auto", "keep", "drop"]


def backup(
    file: Annotated[
        Path, typer.Argument(help="A new file; a folder takes one named by the time; - is a pipe.")
    ],
    keep: Annotated[
        int, typer.Option(help="Of those in the folder keep so many, the newest; 0: all.", min=0)
    ] = 0,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Write everything the bot keeps into one file, also while it runs. It holds personal data."""
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all

    settings = stored_settings(config, os.environ, data=data)
    now = system_clock()
    folder = file if file.is_dir() else None
    if keep and folder is None:
        raise ConfigError("--keep: say a folder to write into, whose old backups may go")
    if folder:
        file = folder / f"antre-{now:%Y%m%dT%H%M%SZ}.backup"
    with _output(file) as output:
        held = asyncio.run(_backed_up(settings, output, now))
    _say(f"{_of_file(file)}: {_counted(held)}. It holds personal data: keep it as the database is.")
    for old in sorted(folder.glob(NAMED))[:-keep] if folder and keep else ():
        old.unlink()
        _say(f"{old}: deleted")


def restore(
    file: Annotated[Path, typer.Argument(help="What antre backup wrote.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Only look whether it is whole.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete first what the database holds.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before deleting.")] = False,
    waiting: Annotated[
        Waiting,
        typer.Option(
            help="Messages that waited to be sent: send them (keep), or not; "
            "auto keeps those of a backup that is less than a day old."
        ),
    ] = "auto",
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Fill an empty database from a backup. Stop every bot on it first."""
    from bot.command_settings import stored_settings  # noqa: PLC0415
    from storage.backup_file import checked  # noqa: PLC0415

    settings = stored_settings(config, os.environ, data=data)
    try:
        source = file.open("rb")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    with source:
        try:
            found = checked(source)
        except AntreError as error:
            raise type(error)(f"{file}: {error}") from None
        begun = f"{found.header['begun']:%Y-%m-%d %H:%M} UTC"
        _say(f"{file}: whole; of {begun}, {_counted(found.held)}")
        if check:
            return
        if replace and not yes:
            typer.confirm("Delete everything the database holds now?", abort=True)
        _refuse_running(settings)
        source.seek(0)
        asyncio.run(_restored(settings, source, found, replace=replace, waiting=waiting))


async def _backed_up(settings: Settings, output: IO[bytes], now: datetime) -> tuple[Held, ...]:
    from bot.app import database_of  # noqa: PLC0415
    from storage.backing_up import back_up  # noqa: PLC0415

    async with database_of(settings, patience=PATIENCE) as database:
        return await back_up(
            database,
            output,
            version=__version__,
            now=now,
            tell=lambda held: _say(f"  {held.name}: {held.documents}, {_size(held.size)}"),
        )


async def _restored(
    settings: Settings, source: IO[bytes], found: Backup, *, replace: bool, waiting: Waiting
) -> None:
    from bot.app import database_of, versions_of  # noqa: PLC0415
    from storage.backing_up import restore  # noqa: PLC0415
    from storage.stores import prepared  # noqa: PLC0415

    async def prepare(database: Database) -> None:
        await prepared(database)
        await versions_of(database)

    now = system_clock()
    keep = waiting == "keep" or (waiting == "auto" and now - found.header["begun"] < STALE)
    async with database_of(settings, patience=PATIENCE) as database:
        done = await restore(
            database,
            source,
            found,
            prepare=prepare,
            replace=replace,
            keep_waiting=keep,
            now=now,
        )
    dropped = f"; {done.dropped} messages that waited to be sent were dropped"
    _say(f"{found.documents} documents are restored{dropped if done.dropped else ''}.")
    for name, count in done.left_out.items():
        _say(f"  {name}: {count} of them were left out, for they clash with others")


def _refuse_running(settings: Settings) -> None:
    """A bot on the embedded database would write in between."""
    from storage.folder import Folder  # noqa: PLC0415

    if settings.secrets.mongodb_uri or not settings.storage.data.exists():
        return
    folder = Folder(settings.storage.data)
    try:
        if not folder.take():
            raise AntreError(
                f"a bot runs on the database in {settings.storage.data}: stop it, and restore then"
            )
    finally:
        folder.give_back()


@contextmanager
def _output(file: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner may read, and that is there only once it is whole."""
    if str(file) == "-":
        if sys.stdout.isatty():
            raise ConfigError("a backup is nothing to read here: name a file, or pipe it on")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if file.exists():
        raise ConfigError(f"{file}: is there already; name a new file")
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)  # of a backup that was broken off
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as output:
            yield output
            output.flush()
            os.fsync(output.fileno())
        part.rename(file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()


def _of_file(file: Path) -> str:
    return "-" if str(file) == "-" else f"{file} ({_size(file.stat().st_size)})"


def _counted(held: tuple[Held, ...]) -> str:
    documents, size = sum(each.documents for each in held), sum(each.size for each in held)
    return f"{documents} documents, {_size(size)} uncompressed"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _say(line: str) -> None:
    typer.echo(line, err=True)
