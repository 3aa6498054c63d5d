"""The embedded classifier, and the files it is kept in."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.local import LocalClassifier, ready
from nlu.model import KEPT, Model, ModelError, fingerprint_of, path_of
from nlu.spelling import LIMIT

ROOT = Path(__file__).parents[2]
GREETINGS = ["halo", "hai", "pagi", "siang", "sore", "permisi"]
REFUSALS = ["batal", "gajadi", "cancel", "urung", "berhenti", "stop"]


def write(folder: Path, **intents: list[str]) -> Path:
    """A folder of training data with these examples."""
    folder.mkdir(exist_ok=True)
    blocks = (
        f"  - intent: {intent}\n    examples: |\n" + "".join(f"      - {t}\n" for t in texts)
        for intent, texts in intents.items()
    )
    (folder / "nlu.yml").write_text("nlu:\n" + "".join(blocks))
    return folder


@pytest.fixture
def training(tmp_path: Path) -> Path:
    """Training data of two meanings."""
    return write(tmp_path / "data", greet=GREETINGS, cancel=REFUSALS)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder for what is learnt; not there yet."""
    return tmp_path / "models"


@pytest.fixture
def model() -> Model:
    """A model of four features, made by hand."""
    return Model(
        intents=("cancel", "greet"),
        words={"batal": 0, "halo": 1},
        parts={"ba": 2, "ha": 3},
        weights=np.array([[3, -3], [-3, 3], [1, -1], [-1, 1]], dtype=np.float32),
        rarity=np.ones(4, dtype=np.float32),
        bias=np.zeros(2, dtype=np.float32),
        facts={"examples": 2},
    )


class TestRanking:
    @pytest.mark.parametrize(
        ("text", "intent"),
        [
            ("sy mau daftar bikin paspor min", "register"),
            ("gak jadi deh, batalin aja", "cancel"),
            ("syaratnya apa aja ya kak", "ask_requirements"),
            ("makasih banyak pak", "thanks"),
            ("kantornya dimana ya", "ask_location_hours"),
            ("can I talk to a real person", "talk_to_staff"),
        ],
    )
    async def test_everyday_messages(
        self, classifier: LocalClassifier, text: str, intent: str
    ) -> None:
        """The delivered data teaches what everyday messages mean."""
        assert (await classifier.rank(text))[0].intent == intent

    @given(text=st.text(max_size=300))
    def test_any_text(self, classifier: LocalClassifier, text: str) -> None:
        """Every intent is ranked once, likeliest first, and the confidences sum to 1."""
        guesses = classifier.ranked(text)
        confidences = [guess.confidence for guess in guesses]
        assert confidences == sorted(confidences, reverse=True)
        assert sum(confidences) == pytest.approx(1, abs=1e-4)
        assert len({guess.intent for guess in guesses}) == len(guesses) > 20

    async def test_spelling_makes_no_difference(self, classifier: LocalClassifier) -> None:
        """Capitals, doubled letters and odd spaces are levelled out first."""
        assert await classifier.rank("BATALIN  ajaaa") == await classifier.rank("batalin aja")

    async def test_a_hostile_length(self, classifier: LocalClassifier) -> None:
        """No text is too long; what stands behind the limit is not looked at."""
        text = "mau daftar " * 400
        assert await classifier.rank(text * 50) == await classifier.rank(text[:LIMIT])

    async def test_knowing_nothing(self) -> None:
        """Where nothing was learnt, nothing is ranked."""
        assert await LocalClassifier.ignorant().rank("halo") == ()

    async def test_loaded_once_and_late(self, model: Model) -> None:
        """The model is loaded with the first message, and then kept."""
        loads: list[Model] = []

        def load() -> Model:
            loads.append(model)
            return model

        classifier = LocalClassifier(load)
        assert not loads
        assert [guess.intent for guess in await classifier.rank("halo")] == ["greet", "cancel"]
        await classifier.rank("batal")
        assert len(loads) == 1


class TestModel:
    def test_kept_and_read_back(self, model: Model, kept: Path) -> None:
        """What was saved ranks as before, and nothing else stays in the folder."""
        path = model.save(kept, "f00d")
        again = Model.load(kept, "f00d")
        assert again.probabilities("halo") == pytest.approx(model.probabilities("halo"), abs=1e-3)
        assert (again.intents, again.words, again.facts) == (
            model.intents,
            model.words,
            model.facts,
        )
        assert list(kept.iterdir()) == [path]

    def test_of_other_data(self, model: Model, kept: Path) -> None:
        """A model under another's name is refused."""
        model.save(kept, "f00d").rename(path_of(kept, "beef"))
        with pytest.raises(ModelError, match="learnt from something else"):
            Model.load(kept, "beef")

    @pytest.mark.parametrize("part", ["weights", "rarity", "bias", "about"])
    def test_parts_that_do_not_fit(self, model: Model, kept: Path, part: str) -> None:
        """A file with a part too small, of the wrong kind, or missing is refused."""
        path = model.save(kept, "f00d")
        with np.load(path) as arrays:
            whole = dict(arrays)
        for wrong in ({part: whole[part][:1]}, {part: np.array(["x"])}, {}):
            np.savez(path, **{name: a for name, a in whole.items() if name != part} | wrong)
            with pytest.raises(ModelError, match=r"delete it, or run: antre nlu train"):
                Model.load(kept, "f00d")

    @pytest.mark.parametrize("number", [np.nan, np.inf])
    def test_numbers_that_are_none(self, model: Model, kept: Path, number: float) -> None:
        """One wrong number would make every confidence wrong."""
        model.bias[0] = number
        model.save(kept, "f00d")
        with pytest.raises(ModelError, match="some of its numbers are none"):
            Model.load(kept, "f00d")

    def test_pickles_are_not_opened(self, kept: Path) -> None:
        """A file that would run code when unpickled is refused, and runs nothing."""
        kept.mkdir()
        mark = kept / "was-run"

        class Evil:
            def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
                return Path(mark).touch, ()  # type: ignore[return-value]  # never called

        np.savez(path_of(kept, "f00d"), about=np.array([Evil()], dtype=object))
        with pytest.raises(ModelError, match="allow_pickle"):
            Model.load(kept, "f00d")
        assert not mark.exists()

    @given(cut=st.floats(0, 0.99))
    def test_half_a_file(self, cut: float, tmp_path_factory: pytest.TempPathFactory) -> None:
        """However much of a file is missing, it is refused rather than misread."""
        folder = tmp_path_factory.mktemp("models")
        ones = np.ones((1, 2), dtype=np.float32)
        whole = Model(("a", "b"), {"x": 0}, {}, ones, ones[0, :1], ones[0], {"examples": 1}).save(
            folder, "f00d"
        )
        content = whole.read_bytes()
        whole.write_bytes(content[: int(len(content) * cut)])
        with pytest.raises(ModelError):
            Model.load(folder, "f00d")

    def test_models_of_long_ago_go(self, model: Model, kept: Path) -> None:
        """The folder does not grow with every edit of the data; the latest few stay."""
        for age in range(KEPT + 3):
            path = model.save(kept, f"old{age}")
            os.utime(path, (age, age))
        newest = model.save(kept, "new")
        stems = {path.stem for path in kept.iterdir()}
        assert stems == {newest.stem, *(f"old{age}" for age in range(4, KEPT + 3))}

    def test_a_folder_that_cannot_be_written(self, model: Model, tmp_path: Path) -> None:
        """It is said which file could not be written."""
        (tmp_path / "file").touch()
        with pytest.raises(ModelError, match="cannot be written"):
            model.save(tmp_path / "file", "f00d")


class TestFingerprint:
    def test_changes_with_the_data(self, training: Path) -> None:
        """Any change of any file counts, a test's does not."""
        before = fingerprint_of(training)
        assert fingerprint_of(training) == before
        (training / "test").mkdir()
        (training / "test" / "held_out.yml").write_text("nlu: []")
        assert fingerprint_of(training) == before
        (training / "more.yml").write_text("nlu: []")
        assert fingerprint_of(training) != before


def suffixes(folder: Path) -> list[str]:
    """How the names of a folder's files end."""
    return [path.suffix for path in folder.iterdir()]


def half_written(folder: Path, fingerprint: str) -> Path:
    """What a machine leaves that lost its power."""
    folder.mkdir()
    path = path_of(folder, fingerprint)
    path.write_bytes(b"PK nonsense")
    return path


class TestReady:
    async def test_learns_once(self, training: Path, kept: Path) -> None:
        """What is not there is learnt in another process, and found the next time."""
        said: list[str] = []
        classifier = await ready(training, kept, said.append)
        assert (await classifier.rank("batal ah"))[0].intent == "cancel"
        assert said == [
            f"Learning from {training} what messages mean; this takes some seconds, once.",
            "Learnt 2 meanings from 12 examples.",
        ]
        await ready(training, kept, said.append)
        assert len(said) == 2

    async def test_two_at_once(self, training: Path, kept: Path) -> None:
        """Of two processes that need it at the same time one learns, and the other waits for it."""
        said: list[str] = []
        both = await asyncio.gather(*(ready(training, kept, said.append) for _ in range(2)))
        first, second = [await each.rank("halo") for each in both]
        assert first == second
        assert sum(line.startswith("Learnt") for line in said) == 1
        assert sorted(suffixes(kept)) == [".lock", ".npz"]

    async def test_a_broken_model_is_learnt_anew(self, training: Path, kept: Path) -> None:
        """A file that cannot be used does not keep the bot from starting."""
        path = half_written(kept, fingerprint_of(training))
        classifier = await ready(training, kept, lambda _: None)
        assert (await classifier.rank("halo"))[0].intent == "greet"
        assert path.stat().st_size > 1000

    async def test_without_data(self, tmp_path: Path, kept: Path) -> None:
        """A project without examples has a classifier that knows nothing; nothing is said."""
        said: list[str] = []
        classifier = await ready(tmp_path / "none", kept, said.append)
        assert await classifier.rank("halo") == ()
        assert said == []

    async def test_too_little_data(self, tmp_path: Path, kept: Path) -> None:
        """One meaning cannot be told from others; it is said, and the bot goes on."""
        said: list[str] = []
        classifier = await ready(write(tmp_path / "data", greet=GREETINGS), kept, said.append)
        assert await classifier.rank("halo") == ()
        assert "fewer than two intents" in said[-1]
        assert said[-1].endswith("the bot understands exact forms and plain words only.")


def test_no_learning_library_is_loaded(kept: Path, training: Path) -> None:
    """Importing the bot, and ranking with what was learnt, does without scikit-learn and SciPy."""
    asyncio.run(ready(training, kept, print))
    code = (
        "import asyncio, json, pathlib, sys, bot.app, bot.cli, bot.serving\n"
        "from nlu.local import LocalClassifier\n"
        f"known = LocalClassifier.stored(*map(pathlib.Path, {[str(training), str(kept)]!r}))\n"
        "guesses = asyncio.run(known.rank('batal'))\n"
        "print(json.dumps([guesses[0].intent, 'sklearn' in sys.modules, 'scipy' in sys.modules]))"
    )
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == ["cancel", False, False]
