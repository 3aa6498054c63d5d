"""``antre staff``: who may sign in, from the command line, on the database of an office."""

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import cli
from bot.commands import staff as staff_module
from bot.errors import ConfigError

Antre: TypeAlias = Callable[..., Result]


@pytest.fixture
def antre(monkeypatch: pytest.MonkeyPatch, embedded_mongo: str, database_name: str) -> Antre:
    """Gives a command on an empty database, ``antre("list")``."""
    monkeypatch.setenv("MONGODB_URI", embedded_mongo)
    monkeypatch.setenv("ANTRE_STORAGE_DATABASE", database_name)

    def given(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["staff", *arguments])

    return given


def types(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """What is typed, unseen, when a password is asked for."""
    typed = iter(lines)
    monkeypatch.setattr(staff_module.getpass, "getpass", lambda _: next(typed))


def test_the_first_admin_and_after(antre: Antre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Added with a typed or a drawn password, listed, given a new one, disabled, enabled."""
    types(monkeypatch, "kopi pagi di loket", "kopi pagi di loket")
    made = antre("add", "made", "--name", "Made  Contoh", "--role", "admin")
    assert (made.exit_code, made.output) == (0, "made: added as admin\n")
    sari = antre(
        *("add", "sari", "--name", "Sari Contoh", "--generate", "--office", "bogor"),
        *("--role", "counter", "--role", "editor"),
    )
    drawn = re.search(r"password: ((?:\w{5}-){3}\w{5})\n", sari.output)
    assert drawn
    assert antre("password", "sari", "--generate").output != sari.output
    assert antre("disable", "sari").exit_code == 0
    listed = antre("list").output.splitlines()
    assert listed == [
        "made              Made Contoh               every office: admin",
        "sari              Sari Contoh               bogor: counter, editor  (disabled)",
    ]
    assert antre("enable", "sari").exit_code == 0
    assert "(disabled)" not in antre("list").output


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (["add", "Sari!", "--name", "S", "--role", "admin"], [], "LOGIN"),
        (["add", "sari", "--name", " ", "--role", "admin"], [], "--name"),
        (["add", "sari", "--name", "S", "--role", "admin", "--office", "bogr"], [], "'bogor'"),
        (["add", "sari", "--name", "S", "--role", "admin"], ["short"], "too short"),
        (["add", "sari", "--name", "S", "--role", "admin"], ["sari123456"], "easy to guess"),
        (["add", "sari", "--name", "S", "--role", "admin"], ["long enough", "other"], "differ"),
        (["disable", "nobody"], [], "no member of staff 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_told(
    antre: Antre,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    typed: list[str],
    said: str,
) -> None:
    """Each refusal names what is wrong; nobody is added."""
    types(monkeypatch, *typed)
    refused = antre(*arguments)
    assert isinstance(refused.exception, ConfigError)
    assert said in str(refused.exception)
    assert antre("list").output == ""


def test_a_login_is_given_once(antre: Antre) -> None:
    """Adding somebody again does not overwrite them."""
    command = ("add", "sari", "--name", "Sari", "--role", "counter", "--generate")
    assert antre(*command).exit_code == 0
    assert "sari already" in str(antre(*command).exception)
