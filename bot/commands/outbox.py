"""``antre outbox``: messages that wait, numbers that may not send, and dead letters."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.clock import system_clock
from bot.commands.options import CONFIG, Author, Config, Data
from bot.commands.people import staff_member
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.dialogue.letters import Waiting
    from bot.outbox_desk import Held, Letter, OutboxDesk

outbox = typer.Typer(help="Messages that wait, and those that nobody got.", no_args_is_help=True)

Office = Annotated[str, typer.Option(help="Id of an office; else all.")]
Code = Annotated[int | None, typer.Option(help="Meta's error code; else any.")]
Names = Annotated[bool, typer.Option("--names", help="Show telephone numbers too.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids of dead letters, as listed.")]
All = Annotated[bool, typer.Option("--all", help="All open dead letters.")]


@outbox.command(name="list")
def list_(
    office: Office = "", *, names: Names = False, config: Config = CONFIG, data: Data = None
) -> None:
    """List what waits and why, numbers that may not send, and dead letters."""
    now = system_clock()

    async def listed(desk: OutboxDesk) -> list[str]:
        from bot.outbox_desk import held  # noqa: PLC0415 - `--help` need not load it all

        waiting, dead = await desk.waiting(office), await desk.dead(office)
        return [
            *_waiting(waiting, now, names=names),
            *_held(held([each for _, each in waiting])),
            *_dead(dead, names=names),
        ]

    _do(config, data, listed)


@outbox.command()
def retry(
    ids: Ids = None,
    office: Office = "",
    code: Code = None,
    *,
    everything: All = False,
    author: Author = "",
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Send dead letters again: those with these ids, of an office, of a code, or all.

    Whoever wrote last more than a day ago gets the reply's template; without one it stays dead.
    """
    _settle(
        "retry",
        ids or [],
        office,
        code,
        everything=everything,
        author=author,
        config=config,
        data=data,
    )


@outbox.command()
def drop(
    ids: Ids = None,
    office: Office = "",
    code: Code = None,
    *,
    everything: All = False,
    author: Author = "",
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Close dead letters without sending them; their records stay in the journal."""
    _settle(
        "drop",
        ids or [],
        office,
        code,
        everything=everything,
        author=author,
        config=config,
        data=data,
    )


def _settle(
    how: Literal["retry", "drop"],
    ids: Sequence[str],
    office: str,
    code: int | None,
    *,
    everything: bool,
    author: str,
    config: Path,
    data: Path | None,
) -> None:
    if not (ids or office or code is not None or everything):
        raise ConfigError(f"say which: antre outbox {how} ID …, --office, --code or --all")

    async def settled(desk: OutboxDesk) -> list[str]:
        lines = []
        for letter in await desk.chosen(ids, office, code):
            if how == "drop":
                await desk.drop(letter, staff_member(author))
                lines.append(f"{letter.id}  dropped")
            else:
                refusal = await desk.retry(letter, staff_member(author))
                lines.append(f"{letter.id}  {f'NOT sent: {refusal}' if refusal else 'sent again'}")
        return lines or ["no open dead letters"]

    _do(config, data, settled)


def _do(
    config: Path,
    data: Path | None,
    work: Callable[[OutboxDesk], Coroutine[Any, Any, list[str]]],
) -> None:
    async def done() -> list[str]:
        async with _desk(config, data) as desk:
            return await work(desk)

    for line in asyncio.run(done()):
        typer.echo(line)


@asynccontextmanager
async def _desk(config: Path, data: Path | None) -> AsyncIterator[OutboxDesk]:
    from bot.app import stored_stores  # noqa: PLC0415 - `--help` need not load it all
    from bot.command_settings import stored_settings  # noqa: PLC0415
    from bot.outbox_desk import OutboxDesk  # noqa: PLC0415

    async with stored_stores(stored_settings(config, os.environ, data=data)) as stores:
        yield OutboxDesk(stores, system_clock)


def _waiting(waiting: Sequence[tuple[str, Waiting]], now: datetime, *, names: bool) -> list[str]:
    """What waits, in lines: office, who, how many, since when, tries, when next, why."""
    from bot.outbox_desk import said_at  # noqa: PLC0415

    messages = sum(len(each.outbox) for _, each in waiting)
    lines = [f"waiting: {messages} messages in {len(waiting)} conversations"]
    for name, each in waiting:
        first, since = each.outbox[0], said_at(each.outbox)
        due = each.due_at - now
        lines.append(
            f"  {each.contact.office}  {each.contact.address if names else name}"
            f"  {len(each.outbox)} messages"
            f"  said {_span(now - since) + ' ago' if since else 'some time ago'}"
            f"  {first.attempts} failures"
            f"  next {'in ' + _span(due) if due > timedelta(0) else 'now'}"
            f"  {_why(first.trouble)}".rstrip()
        )
    return lines


def _held(accounts: Sequence[Held]) -> list[str]:
    lines = [f"numbers that may not send: {len(accounts)}"]
    lines += [
        f"  {each.account}  {each.conversations} conversations  {_why(each.trouble)}"
        for each in accounts
    ]
    return lines


def _dead(letters: Sequence[Letter], *, names: bool) -> list[str]:
    lines = [f"dead letters: {len(letters)}"]
    for letter in letters:
        dead = letter.record["undelivered"]
        who = letter.record["conversation"] if names else letter.conversation
        lines.append(
            f"  {letter.id}  {letter.office}  {who}  {dead['since']:%Y-%m-%d %H:%M}"
            f"  {dead['code'] if dead['code'] is not None else '-'}  {dead.get('reason', '')}"
        )
    return lines


def _why(trouble: Any) -> str:
    return f"{trouble['kind']}: {trouble['reason']}" if trouble else "not tried yet"


def _span(time: timedelta) -> str:
    """A length of time in its largest unit."""
    seconds = int(time.total_seconds())
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
