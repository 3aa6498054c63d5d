"""``antre nlu`` as somebody types it, with the delivered model or with a project of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli

Antre = Callable[..., Result]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def antre(models: Path, monkeypatch: pytest.MonkeyPatch) -> Antre:
    """``antre("parse", …, lines=…)`` runs ``antre nlu parse …`` in the repository."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ANTRE_NLU_MODELS", str(models))

    def run(*arguments: str, lines: str | bytes = "") -> Result:
        return CliRunner().invoke(cli, ["nlu", *arguments], input=lines)

    return run
