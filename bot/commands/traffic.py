"""What ``antre replay --from-storage`` takes from the command line."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.console import Console
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.rehearsing.running import Verdict


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for.

    Args:
        since: a day, or how many back.
        until: a day, or nothing.
        flows: the folder of the edited flows.
    """

    since: str
    until: str
    office: str
    flows: Path | None
    limit: int | None
    provider: Literal["local", "rasa"] | None
    json: Path | None
    junit: Path | None


def replay_traffic(asked: Asked, config: Path, data: Path | None, console: Console) -> Verdict:
    """Go through stored conversations on edited flows.

    Raises:
        AntreError: something that was asked for cannot be.
    """
    from bot.clock import system_clock  # noqa: PLC0415 - `--help` need not load it all
    from bot.command_settings import stored_settings  # noqa: PLC0415
    from bot.rehearsing.traffic import Looking, traffic_here  # noqa: PLC0415

    since: date | int = (
        int(asked.since) if asked.since.isdecimal() else _day("--since", asked.since)
    )
    until = _day("--until", asked.until) if asked.until else None
    settings = stored_settings(config, os.environ, data=data)
    if asked.provider:
        nlu = settings.nlu.model_copy(update={"provider": asked.provider})
        settings = settings.model_copy(update={"nlu": nlu})
    return asyncio.run(
        traffic_here(
            settings,
            Looking(since, until, asked.office, asked.limit),
            console,
            system_clock(),
            folder=asked.flows,
            json=asked.json,
            junit=asked.junit,
        )
    )


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        days = ", or how many days back, as 7" if option == "--since" else ""
        raise ConfigError(f"{option}: write a day, as 2026-11-20{days}; not {text!r}") from None
