"""The embedded classifier: no server, no network, a fifth of a millisecond a message.

It ranks by the words alone, with what :mod:`nlu.training` learnt from the training data. Training
runs in a process of its own, so that scikit-learn and its memory are gone when it has ended.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.filelock import held
from nlu.classifier import Guess
from nlu.corpus import training_files

if TYPE_CHECKING:
    from nlu.model import Model

_HOUSE = Path(__file__).parents[1]


class LocalClassifier:
    """Ranks with a stored model, which is loaded when it is first needed.

    Args:
        load: gives the model; ``None`` where nothing was learnt, and then nothing is ranked.
    """

    def __init__(self, load: Callable[[], Model | None]) -> None:
        self._load = load
        self._loaded = False
        self._model: Model | None = None

    @classmethod
    def ignorant(cls) -> LocalClassifier:
        """One that knows nothing."""
        return cls(lambda: None)

    @classmethod
    def stored(cls, training: Path, models: Path) -> LocalClassifier:
        """One whose model was learnt already; it is looked for when first needed.

        Raises:
            ModelError: by the first ranking, when it was not.
        """

        def load() -> Model:
            from nlu.model import Model, ModelError, fingerprint_of  # noqa: PLC0415 - NumPy: 0.1 s

            try:
                return Model.load(models, fingerprint_of(training))
            except FileNotFoundError:
                raise ModelError(
                    f"{models}: nothing was learnt yet from {training} as it is now; "
                    "run: antre nlu train"
                ) from None

        return cls(load)

    def load(self) -> None:
        """Load the model now rather than with the first message.

        Raises:
            ModelError: it cannot be used.
        """
        if not self._loaded:
            self._model = self._load()
            self._loaded = True

    @property
    def knows(self) -> bool:
        """Whether it has a model, loaded by now."""
        return self._model is not None

    async def rank(self, text: str) -> Sequence[Guess]:
        """See :class:`nlu.classifier.Classifier`.

        Raises:
            ModelError: the model was not loaded before, and cannot be.
        """
        return self.ranked(text)

    def ranked(self, text: str) -> Sequence[Guess]:
        """The same, for who does not wait."""
        self.load()
        if self._model is None:
            return ()
        likely = self._model.probabilities(text).tolist()
        guesses = map(Guess, self._model.intents, likely)
        return sorted(guesses, key=lambda guess: guess.confidence, reverse=True)


async def ready(training: Path, models: Path, tell: Callable[[str], None]) -> LocalClassifier:
    """The classifier for a folder's training data: what was learnt before, or learns it now.

    Without data, or when learning fails, it is one that knows nothing; the bot then goes by the
    grammar alone, which reads everything exact.

    Args:
        training: folder of the training data.
        models: folder of what was learnt.
        tell: called with a line for people when there is something to say.
    """
    from nlu.model import ModelError  # noqa: PLC0415 - NumPy: 0.1 s

    if not training_files(training):
        return LocalClassifier.ignorant()
    classifier = LocalClassifier.stored(training, models)
    try:
        classifier.load()
    except ModelError:
        tell(f"Learning from {training} what messages mean; this takes some seconds, once.")
    else:
        return classifier
    try:
        said = await _taught_once(classifier, training, models)
    except ModelError as error:
        tell(f"{error}\nWithout it the bot understands exact forms and plain words only.")
        return LocalClassifier.ignorant()
    if said:
        tell(f"Learnt {said['intents']} meanings from {said['examples']} examples.")
    return classifier


async def _taught_once(
    classifier: LocalClassifier, training: Path, models: Path
) -> dict[str, Any] | None:
    """Learn, or wait for the process that is learning already; what learning says of itself.

    Raises:
        ModelError: nothing could be learnt.
    """
    from nlu.model import ModelError  # noqa: PLC0415 - NumPy: 0.1 s

    try:
        async with held(models / "learning.lock"):
            with suppress(ModelError):
                classifier.load()
                return None  # another process learnt it meanwhile
            said = await _taught(training, models)
            classifier.load()
    except OSError as error:
        raise ModelError(f"{models}: nothing can be kept there: {error.strerror}") from None
    return said


async def _taught(training: Path, models: Path) -> dict[str, Any]:
    """Learn in a process of its own; what it says of it.

    Raises:
        ModelError: nothing could be learnt.
    """
    from nlu.model import ModelError  # noqa: PLC0415 - as above

    path = os.pathsep.join([str(_HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "nlu.training", str(training), str(models)),
        env={**os.environ, "PYTHONPATH": path},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        said, wrong = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        reason = wrong.decode(errors="replace").strip().rpartition("\n")[2]
        raise ModelError(f"{training}: nothing could be learnt: {reason or process.returncode}")
    learnt: dict[str, Any] = json.loads(said)
    return learnt
