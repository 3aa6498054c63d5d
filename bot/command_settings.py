"""Settings of each command: what it takes from the environment, and its options on top."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.errors import ConfigError
from bot.secret_files import FILE
from bot.settings import Settings, is_secret, load_settings


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
        if not is_secret(name) or name.removesuffix(FILE) == "ANTRE_RASA_TOKEN"
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


def address_of(settings: Settings) -> str:
    """Where a bot with these settings answers."""
    host = "localhost" if settings.server.host == "127.0.0.1" else settings.server.host
    return f"http://{host}:{settings.server.port}"


def cannot_listen(settings: Settings, error: OSError) -> ConfigError:
    """What to say when that address cannot be had."""
    where = f"{settings.server.host}:{settings.server.port}"
    return ConfigError(f"cannot listen on {where}: {error.strerror}; choose another --port")
