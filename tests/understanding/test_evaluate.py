"""``antre nlu evaluate``, and the figures it is made of."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from nlu.evaluation import Evaluation, Judged, Score
from tests.understanding.conftest import Antre

LABELS = """\
{"now": "2026-11-23T09:00:00+07:00"}
{"text": "halo", "intent": "greet", "entities": []}
{"text": "no 3", "intent": "choose_date", "entities": [{"type": "option_number", "value": 3}]}
{"text": "biayanya berapa ya", "intent": "ask_fees"}
{"text": "makasih", "intent": "goodbye", "entities": [{"type": "office", "value": "bogor"}]}
"""


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Three messages that are understood, and one with a wrong label."""
    path = tmp_path / "labels.jsonl"
    path.write_text(LABELS)
    return path


def judged(
    meant: str = "greet",
    heard: str = "greet",
    confidence: float = 1.0,
    wanted: tuple[tuple[str, str | int], ...] | None = (),
    found: tuple[tuple[str, str | int], ...] = (),
    seconds: float = 0.001,
) -> Judged:
    """A judged message."""
    return Judged("x", "f:1", meant, heard, confidence, wanted, found, seconds)


class TestFigures:
    def test_intents(self) -> None:
        """Precision is of what was heard, recall of what was meant."""
        evaluation = Evaluation([judged(), judged(), judged(heard="help"), judged("help", "greet")])
        assert evaluation.accuracy == 0.5
        assert evaluation.intents() == {"greet": Score(2, 3, 3), "help": Score(0, 1, 1)}
        assert evaluation.intents()["greet"].f1 == pytest.approx(2 / 3)
        assert evaluation.matrix() == (["greet", "help"], [[2, 1], [1, 0]])
        assert [(m, h, len(w)) for m, h, w in evaluation.confusions()] == [
            ("greet", "help", 1),
            ("help", "greet", 1),
        ]

    def test_entities(self) -> None:
        """By type, over messages whose entities are labelled; names count in any case."""
        right = judged(wanted=(("person_name", "Budi"),), found=(("person_name", "BUDI"),))
        wrong = judged(wanted=(("option_number", 2),), found=(("option_number", 3),))
        unlabelled = judged(wanted=None, found=(("office", "bogor"),))
        evaluation = Evaluation([right, wrong, unlabelled])
        assert evaluation.entities() == {
            "option_number": Score(0, 1, 1),
            "person_name": Score(1, 1, 1),
        }
        assert evaluation.all_entities() == Score(1, 2, 2)
        assert (wrong.missed, wrong.invented) == ([("option_number", 2)], [("option_number", 3)])

    def test_calibration(self) -> None:
        """Confidence of 0.75 is right if three of four are."""
        some = [judged(confidence=0.75)] * 3 + [judged(heard="help", confidence=0.75)]
        assert Evaluation(some).calibration_error() == pytest.approx(0)
        assert Evaluation([judged(heard="help")]).calibration_error() == pytest.approx(1)

    def test_latency(self) -> None:
        """Milliseconds, half of the messages below p50."""
        evaluation = Evaluation([judged(seconds=n / 1000) for n in range(1, 102)])
        assert evaluation.latency_ms(50) == pytest.approx(51)
        assert evaluation.latency_ms(95) == pytest.approx(96)

    def test_nothing(self) -> None:
        """Without messages there is nothing to divide by."""
        evaluation = Evaluation([])
        assert (evaluation.accuracy, evaluation.calibration_error()) == (0, 0)
        assert (evaluation.latency_ms(50), evaluation.all_entities().f1) == (0, 1)


class TestCommand:
    def test_figures_and_confusions(self, antre: Antre, labels: Path) -> None:
        """It says how much was right, and shows what was not, with its place."""
        result = antre("evaluate", str(labels))
        assert result.exit_code == 0, result.output
        assert "4 messages: 75.0% of intents right, 0.0% asked back" in result.stdout
        assert "precision 100.0%, recall 50.0%" in result.stdout
        assert "1 x goodbye, heard as thanks:" in result.stdout
        assert f"{labels}:5: missed office bogor: 'makasih'" in result.stdout

    def test_as_json(self, antre: Antre, labels: Path, tmp_path: Path) -> None:
        """All figures, for programs."""
        path = tmp_path / "figures.json"
        antre("evaluate", str(labels), "--json", str(path))
        figures = json.loads(path.read_text())
        assert (figures["messages"], figures["accuracy"]) == (4, 0.75)
        assert figures["by_entity"]["option_number"]["f1"] == 1
        assert [each["heard"] for each in figures["wrong"]] == ["thanks"]

    def test_finer(self, antre: Antre, labels: Path, tmp_path: Path) -> None:
        """Intents that only our flows tell apart are told apart only if asked for."""
        path = tmp_path / "figures.json"
        antre("evaluate", str(labels), "--json", str(path))
        assert "ask_requirements" in json.loads(path.read_text())["by_intent"]
        antre("evaluate", str(labels), "--finer", "--json", str(path))
        assert "ask_fees" in json.loads(path.read_text())["by_intent"]

    def test_junit(self, antre: Antre, labels: Path, tmp_path: Path) -> None:
        """Every message is a test case."""
        path = tmp_path / "junit.xml"
        antre("evaluate", str(labels), "--junit", str(path))
        suite = ET.parse(path).find("testsuite")  # noqa: S314 - our own
        assert suite is not None
        assert (suite.get("tests"), suite.get("failures")) == ("4", "1")
        assert [case.get("name") for case in suite][:2] == ["halo", "no 3"]

    def test_a_picture(self, antre: Antre, labels: Path, tmp_path: Path) -> None:
        """The confusion matrix is a PNG."""
        path = tmp_path / "confusion.png"
        assert antre("evaluate", str(labels), "--confusion", str(path)).exit_code == 0
        assert path.read_bytes().startswith(b"\x89PNG")

    @pytest.mark.parametrize(("share", "code"), [("0.75", 0), ("0.76", 1)])
    def test_a_floor(self, antre: Antre, labels: Path, share: str, code: int) -> None:
        """CI may ask for a share."""
        assert antre("evaluate", str(labels), "--fail-under", share).exit_code == code

    def test_training_data(self, antre: Antre, tmp_path: Path) -> None:
        """Files of examples can be evaluated for their intents."""
        path = tmp_path / "more.yml"
        path.write_text("nlu:\n- intent: cancel\n  examples: |\n    - batalin dong\n")
        assert "1 messages: 100.0% of intents" in antre("evaluate", str(path)).stdout

    def test_wrong_labels(self, antre: Antre, tmp_path: Path) -> None:
        """All of them are told with file and line, and nothing is measured."""
        path = tmp_path / "wrong.jsonl"
        path.write_text(
            'halo\n{"text": "x", "intent": "greet", "entities": 3}\n{"text": "x"}\n{"text": 1}\n'
        )
        result = antre("evaluate", str(path), str(tmp_path / "none.jsonl"))
        said = str(result.exception)
        assert [line.partition(": ")[0] for line in said.splitlines()] == [
            str(tmp_path / "none.jsonl"),
            *(f"{path}:{number}" for number in (1, 2, 3, 4)),
        ]

    def test_a_state_that_is_not_there(self, antre: Antre, tmp_path: Path) -> None:
        """It is told with the label's line."""
        path = tmp_path / "labels.jsonl"
        path.write_text('{"text": "x", "intent": "greet", "state": "bookd"}\n')
        result = antre("evaluate", str(path))
        assert f"{path}:1: no flow has a state 'bookd'" in str(result.exception)

    def test_a_file_that_cannot_be_written(self, antre: Antre, labels: Path) -> None:
        """It is said which option named it."""
        result = antre("evaluate", str(labels), "--json", str(labels / "x"))
        assert "--json: cannot write" in str(result.exception)
