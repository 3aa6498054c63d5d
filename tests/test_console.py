"""What commands print is what stands there."""

from io import StringIO
from pathlib import Path

import pytest

from bot import cli
from bot.console import Console

ROOT = Path(__file__).parents[1]


def test_a_place_is_no_emoji() -> None:
    """Line 100 of a file, an id, what somebody wrote."""
    out = StringIO()
    for text in ("flows/cancel.yml:100:7: why", "web:office:1", "ini :car:"):
        Console(file=out).print(text, markup=False)
    assert out.getvalue() == "flows/cancel.yml:100:7: why\nweb:office:1\nini :car:\n"


def test_every_command_prints_so() -> None:
    """Nobody takes rich's own."""
    sources = (path for part in ("bot", "benchmarks") for path in (ROOT / part).rglob("*.py"))
    assert not [path for path in sources if "rich.console import Console" in path.read_text()]


def test_a_mistake_on_line_100_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `FILE:LINE:COL`, for editors and scripts to read."""
    path = tmp_path / "config.yml"
    path.write_text("#\n" * 99 + "nonsense: 1\n")
    monkeypatch.setattr("sys.argv", ["antre", "flows", "draw", "cancel", "--config", str(path)])
    with pytest.raises(SystemExit):
        cli.main()
    assert f"{path}:100:" in capsys.readouterr().err
