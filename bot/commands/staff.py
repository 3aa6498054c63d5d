"""``antre staff``: who may sign in at the desk."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from bot.clock import system_clock
from bot.commands.options import CONFIG, Config, Data
from bot.desk import staffing
from bot.desk.accounts import Account
from bot.desk.audit import AuditEntry
from bot.desk.kept import DeskStores
from bot.desk.passwords import Passwords, drawn_password, why_weak
from bot.desk.roles import EVERY_OFFICE, Role
from bot.desk.words import Words
from bot.document import meant
from bot.errors import AntreError, ConfigError
from bot.settings import Settings

staff = typer.Typer(help="Staff: who may sign in at the desk, and as what.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="What they type to sign in: small letters, digits.")]
Generate = Annotated[
    bool, typer.Option("--generate", help="Draw a password and show it once; else type one.")
]
OPTION_OF: Final = {
    "people.bad_login": "LOGIN",
    "people.bad_name": "--name",
    "people.no_role": "--role",
}
"""What of the command line a sentence is about."""

Said = TypeVar("Said")


@staff.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="As colleagues know them.")],
    role: Annotated[list[Role], typer.Option(help="What they do; may be said several times.")],
    office: Annotated[
        list[str] | None, typer.Option(help="Where; may be said several times. Else everywhere.")
    ] = None,
    *,
    generate: Generate = False,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Add a member of staff. The first one should be an admin."""
    try:
        account = staffing.new_account(login, name, EVERY_OFFICE, frozenset(role))
    except staffing.NotChanged as no:
        raise ConfigError(f"{OPTION_OF[no.key]}: {Words('en')(no.key)}") from None
    settings = _settings(config, data)
    roles = _roles(settings, office or [EVERY_OFFICE], role)
    password = _password(login, generate=generate)

    async def added(kept: DeskStores) -> None:
        hashed = await Passwords().hash(password)
        new = replace(account, password_hash=hashed, roles=roles)
        try:
            await staffing.add(kept, new)
        except staffing.NotChanged:
            raise ConfigError(
                f"there is a {login} already; antre staff list shows everybody"
            ) from None
        await _note(kept, new, "staff_added")

    _with_desk(settings, added)
    typer.echo(f"{login}: added as {', '.join(sorted(role))}")
    _tell(password, generate=generate)


@staff.command(name="list")
def list_(config: Config = CONFIG, data: Data = None) -> None:
    """List everybody: login, name, roles by office."""

    async def everybody(kept: DeskStores) -> Sequence[Account]:
        return await kept.accounts.everybody()

    for account in _with_desk(_settings(config, data), everybody):
        roles = "  ".join(
            f"{'every office' if office == EVERY_OFFICE else office}: {', '.join(sorted(roles))}"
            for office, roles in account.roles.items()
        )
        disabled = "  (disabled)" if account.disabled else ""
        typer.echo(f"{account.login:<16}  {account.name:<24}  {roles}{disabled}")


@staff.command()
def disable(login: Login, config: Config = CONFIG, data: Data = None) -> None:
    """Keep somebody out, and sign them out at once."""
    _change(login, config, data, "staff_disabled", lambda account: replace(account, disabled=True))
    typer.echo(f"{login}: disabled")


@staff.command()
def enable(login: Login, config: Config = CONFIG, data: Data = None) -> None:
    """Let somebody sign in again."""
    _change(login, config, data, "staff_enabled", lambda account: replace(account, disabled=False))
    typer.echo(f"{login}: may sign in")


@staff.command()
def password(
    login: Login, *, generate: Generate = False, config: Config = CONFIG, data: Data = None
) -> None:
    """Give somebody a new password; they are signed out everywhere."""
    new = _password(login, generate=generate)
    hashed = asyncio.run(Passwords().hash(new))
    _change(
        login,
        config,
        data,
        "password_changed",
        lambda account: replace(account, password_hash=hashed),
    )
    typer.echo(f"{login}: has a new password")
    _tell(new, generate=generate)


def _change(
    login: str,
    config: Path,
    data: Path | None,
    action: str,
    change: Callable[[Account], Account],
) -> None:
    async def changed(kept: DeskStores) -> None:
        found = await kept.accounts.load(login)
        if found is None:
            known = [account.login for account in await kept.accounts.everybody()]
            raise ConfigError(f"no member of staff {login!r}{meant(login, known)}")
        try:
            await staffing.change(kept, found, change(found), system_clock())
        except staffing.NotChanged as no:
            raise AntreError(f"{login}: {Words('en')(no.key)}") from None
        await _note(kept, found, action)

    _with_desk(_settings(config, data), changed)


async def _note(kept: DeskStores, account: Account, action: str) -> None:
    """Write into the trail of each office it concerns; who did it is who is logged in here."""
    by, now, subject = f"server:{getpass.getuser()}", system_clock(), f"account:{account.login}"
    for office in account.roles:
        await kept.audit.add(AuditEntry(now, by, office, action, subject))


def _roles(
    settings: Settings, offices: Sequence[str], roles: Sequence[Role]
) -> Mapping[str, frozenset[Role]]:
    from bot.booking.office import load_offices  # noqa: PLC0415 - `--help` need not load it all

    known = [office.id for office in load_offices(settings.flows.folder / "offices.yml")]
    for office in offices:
        if office not in (EVERY_OFFICE, *known):
            raise ConfigError(f"--office: no office {office!r}{meant(office, known)}")
    return {office: frozenset(roles) for office in offices}


def _password(login: str, *, generate: bool) -> str:
    """Drawn, or typed twice; never on the command line, where others and the history see it."""
    if generate:
        return drawn_password()
    typed = getpass.getpass(f"Password for {login}: ")
    weak = why_weak(typed, login)
    if weak:
        raise ConfigError(Words("en")(weak))
    if getpass.getpass("Once more: ") != typed:
        raise ConfigError("the two passwords differ; nothing was changed")
    return typed


def _tell(password: str, *, generate: bool) -> None:
    if generate:
        typer.echo(f"password: {password}")
        typer.echo("It is shown this once; have them change it at the desk.")


def _settings(config: Path, data: Path | None) -> Settings:
    from bot.command_settings import stored_settings  # noqa: PLC0415

    return stored_settings(config, os.environ, data=data)


def _with_desk(settings: Settings, work: Callable[[DeskStores], Awaitable[Said]]) -> Said:
    from bot.app import database_of  # noqa: PLC0415
    from storage.desk import desk_stores_in  # noqa: PLC0415

    async def done() -> Said:
        async with database_of(settings) as database:
            return await work(await desk_stores_in(database))

    return asyncio.run(done())
