"""Learning from the training data, with scikit-learn: ``python -m nlu.training DATA MODELS``.

Logistic regression over words, pairs of words and parts of words, each weighed by its rarity. What
it is sure of is then checked on examples it has not seen, and its confidence levelled to how often
it was right there. The same data always gives the same model.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.errors import AntreError
from nlu.corpus import Corpus, read_corpus
from nlu.features import features_of
from nlu.model import Model, fingerprint_of, length_of, rarity_of

STRENGTH: Final = 10.0
"""``C`` of the regression: the larger, the closer it keeps to the examples."""

FOLDS: Final = 3
"""Parts of the examples, each judged by what was learnt from the others."""

ENOUGH: Final = 2000
"""Examples judged so; more make the calibration no better, only the training longer."""

_STEPS: Final = 100
_PRECISION: Final = 1e-4
_TEMPERATURES: Final = np.exp(np.linspace(np.log(0.4), np.log(2.5), 61))
_FEW: Final = 100
"""Examples below which a temperature would be chance."""

Found = tuple[set[str], set[str]]
Rows = dict[str, int]


class TooLittle(AntreError):
    """The data has fewer than two intents: nothing to tell apart."""


@dataclass(frozen=True, slots=True)
class Report:
    """How training went.

    Args:
        accuracy: on examples that were not learnt from; 0 to 1.
        size: of the file, in bytes.
    """

    examples: int
    intents: int
    seconds: float
    accuracy: float
    size: int
    path: Path


def train(training: Path, models: Path) -> Report:
    """Learn from a folder's data and keep the model.

    Raises:
        TooLittle: there is nothing to learn.
        ModelError: the model cannot be written.
    """
    began = time.perf_counter()
    fingerprint = fingerprint_of(training)
    model = learnt(read_corpus(training))
    path = model.save(models, fingerprint)
    return Report(
        examples=model.facts["examples"],
        intents=len(model.intents),
        seconds=time.perf_counter() - began,
        accuracy=model.facts["accuracy"],
        size=path.stat().st_size,
        path=path,
    )


def learnt(corpus: Corpus) -> Model:
    """A model of these examples.

    Raises:
        TooLittle: they have fewer than two intents.
    """
    intents = corpus.intents
    if len(intents) < 2:  # noqa: PLR2004 - one alone needs no telling
        raise TooLittle("the training data has fewer than two intents with examples")
    found = [features_of(example.text) for example in corpus.examples]
    meant = np.array([intents.index(example.intent) for example in corpus.examples])
    unseen, judged = _unseen(found, meant)
    accuracy = float((unseen[judged].argmax(axis=1) == meant[judged]).mean()) if judged.any() else 0
    temperature = _temperature(unseen[judged], meant[judged])
    fitted = _fit(found, meant)
    return Model(
        intents=intents,
        words=fitted.words,
        parts=fitted.parts,
        weights=(fitted.weights * fitted.rarity[:, None] / temperature).astype(np.float32),
        rarity=fitted.rarity,
        bias=(fitted.bias / temperature).astype(np.float32),
        facts={
            "examples": len(found),
            "accuracy": round(accuracy, 4),
            "temperature": round(temperature, 3),
        },
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What was learnt from some of the examples, all intents as columns."""

    words: Rows
    parts: Rows
    rarity: NDArray[np.float32]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    examples: int

    def scores(self, found: Sequence[Found]) -> NDArray[np.float64]:
        """What the regression gives each intent, by text."""
        matrix = _matrix(found, self.words, self.parts, self.rarity, self.examples)
        return np.asarray(matrix @ self.weights + self.bias)


def _fit(found: Sequence[Found], meant: NDArray[np.int64]) -> _Fitted:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - two seconds, 120 MB
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with it

    words, word_counts = _rows([each[0] for each in found])
    parts, part_counts = _rows([each[1] for each in found], len(words))
    counts = np.array([*word_counts, *part_counts])
    rarity = rarity_of(counts, len(found)).astype(np.float32)
    regression = LogisticRegression(C=STRENGTH, solver="newton-cg", max_iter=_STEPS, tol=_PRECISION)
    with threadpool_limits(1):  # several threads take ten times as long on vectors so short
        regression.fit(_matrix(found, words, parts, rarity, len(found)), meant)
    weights, bias = regression.coef_.T, regression.intercept_
    if len(regression.classes_) == 2:  # noqa: PLR2004 - of two it keeps the second one's side
        weights, bias = np.hstack([-weights, weights]) / 2, np.hstack([-bias, bias]) / 2
    return _Fitted(words, parts, rarity, weights, bias, len(found))


def _rows(found: Sequence[set[str]], first: int = 0) -> tuple[Rows, list[int]]:
    """A row for every feature, and in how many texts it stands."""
    counts = Counter(feature for each in found for feature in each)
    names = sorted(counts)
    return {name: row for row, name in enumerate(names, first)}, [counts[name] for name in names]


def _matrix(
    found: Sequence[Found], words: Rows, parts: Rows, rarity: NDArray[np.float32], examples: int
) -> Any:
    """Texts by features, sparse: the words of a text make a vector of length 1, so do its parts."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - as above

    columns, values, ends = list[int](), list[NDArray[np.float32]](), [0]
    for text in found:
        for features, rows in zip(text, (words, parts), strict=True):
            known = sorted(rows[each] for each in features if each in rows)
            if known:
                columns += known
                length = length_of(rarity[known], len(features) - len(known), examples)
                values.append(rarity[known] / np.float32(length))
        ends.append(len(columns))
    data = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
    return csr_matrix((data, columns, ends), shape=(len(found), len(rarity)))


def _unseen(
    found: Sequence[Found], meant: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Scores of examples by what was learnt without them, and which were judged so: enough of them,
    and none of an intent whose every example is in one part.
    """
    fold = np.zeros(len(found), dtype=int)
    for intent in range(int(meant.max()) + 1):
        own = np.flatnonzero(meant == intent)
        fold[np.random.default_rng(intent).permutation(own)] = np.arange(len(own)) % FOLDS
    scores = np.full((len(found), int(meant.max()) + 1), -np.inf)
    judged = np.zeros(len(found), dtype=bool)
    for part in range(FOLDS):
        if judged.sum() >= ENOUGH:
            break
        known = np.flatnonzero(fold != part).tolist()
        here = np.flatnonzero(fold == part).tolist()
        there = sorted(set(meant[known]))
        if not here or len(there) < 2:  # noqa: PLR2004 - as above
            continue
        places = {intent: at for at, intent in enumerate(there)}
        fitted = _fit([found[at] for at in known], np.array([places[m] for m in meant[known]]))
        scores[np.ix_(here, there)] = fitted.scores([found[at] for at in here])
        judged[here] = np.isin(meant[here], there)
    return scores, judged


def _temperature(scores: NDArray[np.float64], meant: NDArray[np.int64]) -> float:
    """What scores are divided by, so that confidence says how often it is right."""
    if len(scores) < _FEW:
        return 1.0

    def loss(temperature: float) -> float:
        levelled = scores / temperature
        levelled -= levelled.max(axis=1, keepdims=True)
        right = levelled[np.arange(len(meant)), meant]
        return float((np.log(np.exp(levelled).sum(axis=1)) - right).mean())

    return float(min(_TEMPERATURES, key=loss))


def main(arguments: Sequence[str]) -> int:
    """Train, and say how it went in a line of JSON; what went wrong goes to standard error."""
    training, models = map(Path, arguments)
    try:
        report = train(training, models)
    except AntreError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the process that started this one
        return 1
    said = {"examples": report.examples, "intents": report.intents, "seconds": report.seconds}
    print(json.dumps(said))  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
