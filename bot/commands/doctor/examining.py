"""Every check, one after the other."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

from bot.command_settings import stored_settings
from bot.commands.doctor.here import of_accounts, of_disk, of_flows, of_secrets
from bot.commands.doctor.meta import of_meta
from bot.commands.doctor.storing import of_storage
from bot.commands.doctor.told import Told, error, ok, warning
from bot.errors import ConfigError
from bot.settings import Settings
from nlu.local import LocalClassifier
from nlu.rasa import RasaClassifier


async def examined(config: Path, data: Path | None, *, offline: bool) -> list[Told]:
    """All that is found with these settings, or why they cannot be read."""
    try:
        settings = stored_settings(config, os.environ, data=data)
    except ConfigError as wrong:
        findings = wrong.findings or [wrong]
        return [error("settings", str(each), "mend it, then try again") for each in findings]
    told = [ok("settings", f"{config} and the environment can be read")]
    return told + [each async for each in examine(settings, offline=offline)]


async def examine(settings: Settings, *, offline: bool = False) -> AsyncIterator[Told]:
    """Every check, in the order in which they are worth mending.

    Args:
        offline: neither Graph nor Rasa is asked.
    """
    for each in of_secrets(settings):
        yield each
    told, definitions = of_flows(settings)
    for each in told:
        yield each
    if definitions and not settings.secrets.missing_for_serve():
        for each in of_accounts(settings, definitions):
            yield each
    yield of_disk(settings)
    async for each in of_storage(settings):
        yield each
    if settings.nlu.provider == "rasa" and not offline:
        yield await _of_rasa(settings)
    if definitions and not offline:
        async for each in of_meta(settings, definitions):
            yield each


async def _of_rasa(settings: Settings) -> Told:
    token = settings.secrets.rasa_token.get_secret_value()
    stand_in = LocalClassifier.ignorant()
    async with RasaClassifier(settings.nlu.rasa_url, token, stand_in) as rasa:
        trouble = await rasa.check()
    if trouble:
        said = f"Rasa at {settings.nlu.rasa_url} does not answer: {trouble.trouble}"
        do = "see that it runs, and that ANTRE_RASA_TOKEN is its --auth-token; until then the"
        return warning("rasa", said, f"{do} embedded classifier ranks alone")
    return ok("rasa", f"Rasa at {settings.nlu.rasa_url} answers")
