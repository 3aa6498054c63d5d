"""`antre backup` and `antre restore` as an operator runs them."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo import MongoClient
from typer.testing import CliRunner, Result

from bot.cli import cli
from storage.folder import Folder
from tests.support.service import ROOT


class Operator:
    """Types commands.

    Args:
        uri: of the database; empty for the embedded one.
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def types(self, *arguments: str, database: str = "antre", answer: str = "") -> Result:
        """Run a command."""
        variables = {"MONGODB_URI": self.uri, "ANTRE_STORAGE_DATABASE": database}
        return CliRunner(env=variables).invoke(cli, arguments, input=answer)


@pytest.fixture
def operator(embedded_mongo: str, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """On the database that all tests share, in the project's folder."""
    monkeypatch.chdir(ROOT)
    return Operator(embedded_mongo)


def test_there_and_back(
    operator: Operator, database_name: str, tmp_path: Path, embedded_mongo: str
) -> None:
    """A backup is for its owner's eyes only, and fills an empty database; of many backups the
    newest are kept; what is there goes only when somebody says so.
    """
    other = f"restored_{uuid4().hex}"
    for day in ("20260101", "20260102"):
        (tmp_path / f"antre-{day}T000000Z.backup").write_text("old")
    with MongoClient[dict[str, str]](embedded_mongo) as client:
        client[database_name]["notes"].insert_one({"_id": "x", "mark": "é"})
        made = operator.types("backup", str(tmp_path), "--keep", "2", database=database_name)
        assert made.exit_code == 0, made.output
        old, file = sorted(tmp_path.iterdir())
        assert old.name == "antre-20260102T000000Z.backup"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "It holds personal data" in made.stderr

        looked = operator.types("restore", str(file), "--check", database=other)
        assert (looked.exit_code, client[other].list_collection_names()) == (0, [])
        assert operator.types("restore", str(file), database=other).exit_code == 0
        assert client[other]["notes"].find_one() == {"_id": "x", "mark": "é"}

        refused = operator.types("restore", str(file), database=other)
        assert "holds documents already" in str(refused.exception)
        client[other]["notes"].insert_one({"_id": "y", "mark": "later"})
        asked = operator.types("restore", str(file), "--replace", database=other, answer="n\n")
        assert (asked.exit_code, client[other]["notes"].count_documents({})) == (1, 2)
        done = operator.types("restore", str(file), "--replace", "--yes", database=other)
        assert (done.exit_code, client[other]["notes"].count_documents({})) == (0, 1)


def test_piped_on(operator: Operator, database_name: str, tmp_path: Path) -> None:
    """A backup can go through a program that encrypts it."""
    with MongoClient[dict[str, str]](operator.uri) as client:
        client[database_name]["notes"].insert_one({"_id": "x"})
    made = operator.types("backup", "-", database=database_name)
    assert made.exit_code == 0
    file = tmp_path / "piped.backup"
    file.write_bytes(made.stdout_bytes)
    assert operator.types("restore", str(file), "--check").exit_code == 0


def test_mistakes(operator: Operator, database_name: str, tmp_path: Path) -> None:
    """Each is told in words, and nothing half made is left behind."""
    broken = tmp_path / "broken.backup"
    broken.write_bytes(b"\x1f\x8b\x08" + b"\x00" * 40)
    for arguments, words in (
        (("restore", str(broken)), f"{broken}: "),
        (("restore", str(broken)), "damaged"),
        (("restore", str(tmp_path / "none")), "cannot be read"),
        (("backup", str(broken)), "is there already"),
        (("backup", str(tmp_path / "no" / "folder")), "cannot be written"),
        (("backup", str(tmp_path / "new"), "--keep", "3"), "say a folder"),
        (("backup", str(tmp_path / "new")), "the database is empty"),
    ):
        made = operator.types(*arguments, database=database_name)
        assert words in str(made.exception), arguments
    assert list(tmp_path.iterdir()) == [broken]


def test_beside_a_bot(operator: Operator, database_name: str, tmp_path: Path) -> None:
    """Nothing is restored into an embedded database that a bot has open."""
    with MongoClient[dict[str, str]](operator.uri) as client:
        client[database_name]["notes"].insert_one({"_id": "x"})
    file, running = tmp_path / "x.backup", Folder(tmp_path / "data")
    assert operator.types("backup", str(file), database=database_name).exit_code == 0
    assert running.take()
    refused = Operator("").types("restore", str(file), "--data", str(running.path))
    assert "a bot runs on the database" in str(refused.exception)
    running.give_back()
