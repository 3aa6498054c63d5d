"""Learning: what comes out is what scikit-learn learnt, and the same every time."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from bot.errors import Place
from nlu.corpus import Corpus, Example
from nlu.features import features_of, levelled
from nlu.model import Model, fingerprint_of
from nlu.training import TooLittle, learnt, main, train

WORDS = {
    "cancel": "batal gajadi urung berhenti stop hapus",
    "greet": "halo hai pagi siang sore permisi",
    "thanks": "makasih terimakasih nuhun suwun trims thanks",
}


def corpus(words: dict[str, str] = WORDS) -> Corpus:
    """Examples of one word each, with something around."""
    return Corpus(
        tuple(
            Example(text.format(word), intent, (), Place("a.yml"))
            for intent, each in words.items()
            for word in each.split()
            for text in ("{}", "{} ya min", "pak {}", "{} dulu deh", "eh {}", "{} kak")
        )
    )


class TestFeatures:
    def test_words_pairs_and_parts(self) -> None:
        """Words, pairs of neighbours, the first and last word; and parts of words, ends marked."""
        words, parts = features_of("Batalin yg itu")
        assert {"batal", "yang", "itu", "batal yang", "yang itu", "^ batal", "itu $"} <= words
        assert {" i", "itu ", "bata", "ng "} <= parts
        assert not any(" " in part.strip() for part in parts)

    @pytest.mark.parametrize(
        ("word", "stem"),
        [
            ("pendaftaran", "~daftar"),
            ("dipindahkan", "~pindah"),
            ("mengurusin", "~gurus"),
            ("saya", "~saya"),
            ("dari", "~dari"),
            ("00", "~00"),
        ],
    )
    def test_stems(self, word: str, stem: str) -> None:
        """A suffix and a prefix are taken off, where four letters are left."""
        assert stem in features_of(word)[0]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("tgl 17 agustus 1990", ["<long ago>"]),
            ("besok bisa?", ["<day>", "bisa", "?"]),
            ("kodenya 00002681", ["kode", "00000000"]),
            ("yg no. 3", ["yang", "no", ".", "0"]),
            ("satu\ndua", ["satu", "dua"]),
            ("", []),
        ],
    )
    def test_dates_and_numbers(self, text: str, words: list[str]) -> None:
        """Which day and which number it is tells nothing about what is meant."""
        assert levelled(text) == words


class TestLearning:
    def test_words_that_were_learnt(self) -> None:
        """Who writes a learnt word differently is understood."""
        model = learnt(corpus())
        for text, intent in (("batalin", "cancel"), ("HALOOO", "greet"), ("trims!", "thanks")):
            assert model.intents[model.probabilities(text).argmax()] == intent

    @pytest.mark.parametrize("intents", [2, 3])
    def test_as_the_library_says(self, intents: int) -> None:
        """Our arrays give what scikit-learn's own classifier gives, of the same features."""
        data = corpus(dict(list(WORDS.items())[:intents]))
        texts = [example.text for example in data.examples]

        def vectors(which: int) -> TfidfVectorizer:
            return TfidfVectorizer(
                analyzer=lambda text: features_of(text)[which], binary=True, dtype=np.float64
            )

        both = FeatureUnion([("words", vectors(0)), ("parts", vectors(1))])
        regression = LogisticRegression(C=10, solver="newton-cg", tol=1e-4)
        regression.fit(both.fit_transform(texts), [example.intent for example in data.examples])
        model = learnt(data)
        temperature = model.facts["temperature"]
        for text in ("batal ya min", "pak halo", "makasih" if intents > 2 else "hai", ""):
            score = np.atleast_1d(regression.decision_function(both.transform([text]))[0])
            score = np.array([-score[0], score[0]]) / 2 if intents == 2 else score
            likely = np.exp(score / temperature) / np.exp(score / temperature).sum()
            assert model.probabilities(text) == pytest.approx(likely, abs=0.01), text

    def test_what_nobody_taught(self) -> None:
        """The less of a message is known, the less sure it makes."""
        model = learnt(corpus())
        texts = ("batal", "batal xq", "batal xq wv", "batal xq wv kj fz", "xq wv")
        sure = [float(model.probabilities(text).max()) for text in texts]
        assert sure == sorted(sure, reverse=True)
        assert sure[-1] < 0.5

    def test_the_same_every_time(self, tmp_path: Path) -> None:
        """The same data gives the same file, byte by byte."""
        model = learnt(corpus())
        first = model.save(tmp_path / "a", "f00d").read_bytes()
        assert learnt(corpus()).save(tmp_path / "b", "f00d").read_bytes() == first

    @pytest.mark.parametrize("words", [{}, {"greet": "halo hai"}])
    def test_nothing_to_tell_apart(self, words: dict[str, str]) -> None:
        """It takes two meanings."""
        with pytest.raises(TooLittle, match="fewer than two intents"):
            learnt(corpus(words))

    def test_an_intent_with_one_example(self) -> None:
        """Too few examples are learnt from as well as they can be."""
        one = Example("apa syaratnya", "ask", (), Place("a.yml"))
        model = learnt(Corpus((*corpus().examples, one)))
        assert model.intents[model.probabilities("apa syaratnya").argmax()] == "ask"

    def test_confidence_is_levelled(self) -> None:
        """Meanings that cannot be told apart make no confident guesses."""
        rng = np.random.default_rng(1)
        noise = Corpus(
            tuple(
                Example(f"kata{rng.integers(30)} ya", intent, (), Place("a.yml"))
                for intent in ("a", "b", "c")
                for _ in range(60)
            )
        )
        model = learnt(noise)
        sure = [float(model.probabilities(f"kata{n} ya").max()) for n in range(30)]
        assert model.facts["accuracy"] < 0.6
        assert np.mean(sure) < model.facts["accuracy"] + 0.2


DATA = """\
nlu:
  - intent: greet
    examples: |
      - halo
      - hai
  - intent: cancel
    examples: |
      - batal
      - gak jadi
"""


class TestTraining:
    def test_kept_under_its_fingerprint(self, tmp_path: Path) -> None:
        """Training leaves a model that is found for the data it was learnt from."""
        (tmp_path / "nlu.yml").write_text(DATA)
        report = train(tmp_path, tmp_path / "models")
        model = Model.load(tmp_path / "models", fingerprint_of(tmp_path))
        assert (report.examples, report.intents, report.path.parent) == (4, 2, tmp_path / "models")
        assert report.size == report.path.stat().st_size
        assert model.intents == ("cancel", "greet")

    def test_as_a_program(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """It says how it went in a line of JSON; a mistake is a line, and a status."""
        data = [str(tmp_path), str(tmp_path / "models")]
        assert main(data) == 1
        assert "fewer than two intents" in capsys.readouterr().err
        (tmp_path / "nlu.yml").write_text(DATA)
        assert main(data) == 0
        assert json.loads(capsys.readouterr().out)["examples"] == 4
