"""``antre nlu train``."""

from pathlib import Path

import pytest

from tests.understanding.conftest import Antre

DATA = """\
nlu:
  - intent: greet
    examples: |
      - halo
      - hai
  - intent: cancel
    examples: |
      - batal
"""


@pytest.fixture
def training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of training data of two meanings; models go beside it."""
    monkeypatch.setenv("ANTRE_FLOWS_TRAINING", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "nlu.yml"
    path.write_text(DATA)
    return path


def test_learning(antre: Antre, training: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what was learnt and where it is kept; what is thin is warned of."""
    monkeypatch.setenv("ANTRE_NLU_MODELS", str(training.parents[1] / "models"))
    result = antre("train")
    assert result.exit_code == 0, result.output
    assert "2 meanings learnt from 3 examples in" in result.stdout
    (model,) = (training.parents[1] / "models").iterdir()
    assert f"{model}: written, 0.0 MB" in result.stdout
    assert f"{training}:6:5: warning: cancel: only 1 examples" in result.stderr


def test_mistakes(antre: Antre, training: Path) -> None:
    """All are told at once with their places, and nothing is learnt."""
    training.write_text(
        DATA + "      - halo\n      - [x](Y)\n  - intent: empty\n    examples: ''\n"
    )
    (training.parent / "b.yml").write_text("nlu:\n\t- x")
    result = antre("train")
    assert result.exit_code == 1
    lines = str(result.exception).splitlines()
    assert [line.partition(" ")[0] for line in lines] == [
        f"{training.parent / 'b.yml'}:2:1:",
        *(f"{training}:{place}:" for place in ("2:5", "6:5", "9", "10", "11:5")),
    ]


def test_nothing_to_learn(antre: Antre, training: Path) -> None:
    """Without examples there is nothing to tell apart."""
    training.unlink()
    result = antre("train")
    assert result.exit_code == 1
    assert "fewer than two intents" in str(result.exception)
