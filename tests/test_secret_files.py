"""Secrets in files, as systemd's credentials and compose's secrets hand them over."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.command_settings import demo_settings
from bot.errors import ConfigError
from bot.settings import SECRETS, load_settings

CONFIG = Path(__file__).parents[1] / "config.yml"


def test_every_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """The text of the file is the secret, without the newline that editors put at its end."""
    addresses = {"WHATSAPP_GRAPH_URL": "https://graph.test", "MONGODB_URI": "mongodb://db.test"}
    environ = {}
    for secret in SECRETS:
        path = tmp_path / secret
        path.write_text(addresses.get(secret, f"the {secret}") + "\n")
        environ[f"{secret}_FILE"] = str(path)
    secrets = load_settings(CONFIG, environ).secrets.model_dump()
    for secret, (_, field) in SECRETS.items():
        value = secrets[field]
        shown = value if isinstance(value, str) else value.get_secret_value()
        assert shown == addresses.get(secret, f"the {secret}")


def test_mistakes(tmp_path: Path) -> None:
    """A file that is not there, and a secret told twice, are named; no secret is repeated."""
    there = tmp_path / "there"
    there.write_text("hush")
    environ = {
        "MONGODB_URI_FILE": str(tmp_path / "none"),
        "WHATSAPP_APP_SECRET": "hush hush",
        "WHATSAPP_APP_SECRET_FILE": str(there),
    }
    with pytest.raises(ConfigError) as caught:
        load_settings(CONFIG, environ)
    lines = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == list(environ)[::2]
    assert "cannot be read" in lines[0]
    assert "WHATSAPP_APP_SECRET is set as well" in lines[1]
    assert "hush" not in str(caught.value)


def test_the_demo_reads_none(tmp_path: Path) -> None:
    """It is open to whoever sits here, so it reaches no real office by a file either."""
    uri = tmp_path / "uri"
    uri.write_text("mongodb://db.test")
    settings = demo_settings(CONFIG, {"MONGODB_URI_FILE": str(uri)})
    assert not settings.secrets.mongodb_uri
