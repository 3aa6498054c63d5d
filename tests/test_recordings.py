"""Recordings of the folder, and over them those that editors keep in the database."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.errors import AntreError
from bot.recordings import LARGEST, KeptRecording, laid_out, overlaid, texts_in
from tests.support.projects import Project

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def kept(path: str, text: str) -> KeptRecording:
    """One in the database."""
    return KeptRecording(path, text, "tiur", NOW)


@pytest.mark.parametrize(
    "path", ["../a.yml", "/a.yml", "a.txt", "a/../b.yml", "", "a b.yml", ".yml", "a/b/c/d/e/f.yml"]
)
def test_strange_paths(path: str) -> None:
    """A recording that would be written elsewhere is none."""
    with pytest.raises(AntreError, match="is called like"):
        kept(path, "title: a\n")


def test_too_large() -> None:
    """Nor is one of more than a mebibyte."""
    with pytest.raises(AntreError, match="larger"):
        kept("a.yml", "x" * (LARGEST + 1))


def test_what_counts(tmp_path: Path) -> None:
    """The folder's, with those of the database in their place or beside; one without a text takes
    the folder's away.
    """
    for name in ("a.yml", "family/b.yml", "c.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"title: {name}\n")
    over = [
        kept("c.yml", ""),
        kept("family/b.yml", "title: other\n"),
        kept("new/d.yml", "title: d\n"),
    ]
    with laid_out(tmp_path, over) as paths:
        found = [path.read_text() for path in paths]
        assert paths[0] == tmp_path / "a.yml"
    assert found == ["title: a.yml\n", "title: other\n", "title: d\n"]
    texts = overlaid(texts_in(tmp_path), {each.path: each.text for each in over})
    assert list(texts.values()) == found
    assert list(texts) == ["a.yml", "family/b.yml", "new/d.yml"]
    with laid_out(tmp_path / "nowhere", over[2:]) as paths:
        assert len(paths) == 1


async def run(project: Project, *arguments: str, code: int = 0) -> str:
    """What ``antre`` says."""
    config = ["--config", str(project.folder / "config.yml")]
    runner = CliRunner()
    done = await asyncio.to_thread(runner.invoke, cli, [*arguments, *config])
    assert done.exit_code == code, done.output + str(done.exception)
    return done.output


async def test_out_and_in(
    tmp_path: Path, embedded_mongo: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office without the folder keeps all in the database, replays it, writes it out again."""
    monkeypatch.setenv("MONGODB_URI", embedded_mongo)
    monkeypatch.setenv("ANTRE_STORAGE_DATABASE", database_name)
    monkeypatch.setenv("ANTRE_FLOWS_TRAINING", str(tmp_path / "nothing"))  # to be learnt
    project = Project.copied("template", tmp_path)
    folder = project.settings.flows.recordings
    before = texts_in(folder)
    assert "keeps none" in await run(project, "recordings", "list")
    assert "1 recordings" in await run(project, "recordings", "import", "--author", "tiur")
    assert "tiur" in await run(project, "recordings", "list")
    (path,) = folder.rglob("*.yml")
    path.write_text("title: something else\n")
    assert "1 as recorded" in await run(project, "replay", "--stored")
    path.unlink()
    assert "written" in await run(project, "recordings", "export")
    assert texts_in(folder) == before
    assert "keeps none" in await run(project, "recordings", "list")
