"""What can be checked without asking anybody: settings, secrets, flows, offices, the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.accounts import check_accounts
from bot.checked import checked_definitions
from bot.commands.doctor.told import Told, error, ok, warning
from bot.definitions import Definitions
from bot.errors import ConfigError, FlowError
from bot.settings import Settings

SHORT_SECRET: Final = 16
GIB: Final = 2**30
DISK_SHORT, DISK_FULL = 5 * GIB, GIB // 2


def of_secrets(settings: Settings) -> Iterator[Told]:
    """Whether ``antre serve`` has all it needs, and nothing that is easily guessed."""
    secrets = settings.secrets
    missing = secrets.missing_for_serve(rest=settings.rest.enabled)
    for variable in missing:
        yield error("secrets", f"{variable} is not set", "set it in the service's environment")
    if not missing:
        yield ok("secrets", "all that antre serve needs are set")
    for name in ("whatsapp_verify_token", "rest_token", "metrics_token"):
        value = getattr(secrets, name).get_secret_value()
        if value and len(value) < SHORT_SECRET:
            said = f"the {name.replace('_', ' ')} is shorter than {SHORT_SECRET} characters"
            yield warning("secrets", said, "make a long random one: openssl rand -hex 24")


def of_accounts(settings: Settings, definitions: Definitions) -> Iterator[Told]:
    """Whether every office with a number has secrets."""
    try:
        check_accounts(settings.secrets, definitions.offices)
    except ConfigError as wrong:
        for line in str(wrong).splitlines():
            yield error("secrets", line, "antre serve does not start like this")


def of_flows(settings: Settings) -> tuple[list[Told], Definitions | None]:
    """Whether the folder's flows, replies and offices can be served; what they are, if so."""
    try:
        definitions = checked_definitions(settings.flows)
    except FlowError as wrong:
        said = f"{len(wrong.findings)} mistakes, the first: {wrong.findings[0]}"
        return [error("flows", said, "run: antre flows check")], None
    flows, offices = definitions.flows, definitions.offices
    told = [ok("flows", f"{len(flows.flows)} flows, {len(offices)} offices, no mistakes")]
    if flows.warnings:
        said = f"{len(flows.warnings)} warnings, the first: {flows.warnings[0]}"
        told = [warning("flows", said, "run: antre flows check")]
    silent = [office.id for office in offices if not office.numbers]
    if len(silent) == len(offices):
        said = "no office has a WhatsApp number, so no message finds its office"
        told.append(error("offices", said, "write it under numbers: in offices.yml"))
    elif silent:
        said = f"without a WhatsApp number: {', '.join(silent)}"
        told.append(warning("offices", said, "write it under numbers: in offices.yml"))
    else:
        told.append(ok("offices", "every office has a WhatsApp number"))
    return told, definitions


def of_disk(settings: Settings) -> Told:
    """Whether there is room where the embedded database and what was learnt are kept."""
    folder = _there(settings.storage.data)
    usage = shutil.disk_usage(folder)
    said = f"{usage.free / GIB:.1f} GiB free at {folder}"
    if usage.free < DISK_FULL:
        return error("disk", said, "make room: a database that cannot write answers nobody")
    if usage.free < DISK_SHORT:
        return warning("disk", said, "make room, or move storage.data")
    return ok("disk", said)


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())
