"""What was learnt: plain arrays in a file, numbers and words that cannot run anything.

A model is linear: each word or part of a word votes for and against every intent. Its file is
NumPy's ``.npz`` without pickles, named by the fingerprint of all that it was learnt from; so a
model that no longer fits the training data or the code is simply not found, and learnt again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.errors import AntreError
from nlu.corpus import training_files
from nlu.features import features_of

FORMAT: Final = 1
KEPT: Final = 5
"""Models that stay in the folder; the oldest of more are deleted."""

_LEARNT_BY: Final = (
    *("corpus", "features", "model", "training"),
    *("spelling", "dates", "days", "weekdays", "written"),
)
"""Modules that decide what is learnt: a model learnt by other code does not fit."""

UNTAUGHT: Final = 0.25
"""What a feature that no example has adds to the square of a text's length, compared with one that
a single example has: the less of a text is known, the less sure it makes.
"""

_LARGEST: Final = 64 * 2**20
"""Bytes of a file that is looked at."""

Floats = NDArray[np.float32]


class ModelError(AntreError):
    """A model's file cannot be used; learning anew mends it."""


@dataclass(frozen=True, slots=True)
class Model:
    """A linear classifier.

    Args:
        intents: by name; the columns of ``weights``.
        words, parts: the row of each word or pair of words, and of each part of a word.
        weights: rows by intents; a feature's rarity and the calibration are multiplied in.
        rarity: of each row's feature; the longer a text, the less each of its features counts.
        bias: what counts for an intent before anything is read.
        facts: of the training, for people: examples, accuracy …
    """

    intents: tuple[str, ...]
    words: Mapping[str, int]
    parts: Mapping[str, int]
    weights: Floats
    rarity: Floats
    bias: Floats
    facts: Mapping[str, Any]

    def probabilities(self, text: str) -> Floats:
        """How likely each intent is, in the order of ``intents``; they sum to 1."""
        scores = self.bias.copy()
        words, parts = features_of(text)
        for found, rows in ((words, self.words), (parts, self.parts)):
            known = sorted(row for each in found if (row := rows.get(each)) is not None)
            if known:
                length = length_of(self.rarity[known], len(found) - len(known), self._examples)
                scores += self.weights[known].sum(axis=0) / length
        likely = np.exp(scores - scores.max())
        return np.asarray(likely / likely.sum(), dtype=np.float32)

    @property
    def _examples(self) -> int:
        """How many were learnt from."""
        return int(self.facts["examples"])

    def save(self, folder: Path, fingerprint: str) -> Path:
        """Write the file, whole or not at all, and delete models of long ago.

        Raises:
            ModelError: it cannot be written.
        """
        path = path_of(folder, fingerprint)
        about = {
            "format": FORMAT,
            "fingerprint": fingerprint,
            "intents": self.intents,
            "words": list(self.words),
            "parts": list(self.parts),
            "facts": dict(self.facts),
        }
        written = json.dumps(about, ensure_ascii=False).encode()
        aside = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}.tmp")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                np.savez(
                    file,
                    about=np.frombuffer(written, dtype=np.uint8),
                    weights=self.weights.astype(np.float16),
                    rarity=self.rarity,
                    bias=self.bias,
                )
            aside.replace(path)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            raise ModelError(f"{path}: cannot be written: {error.strerror}") from None
        _forget_old(folder, path)
        return path

    @classmethod
    def load(cls, folder: Path, fingerprint: str) -> Model:
        """Read a file back.

        Raises:
            FileNotFoundError: nothing was learnt yet from this data by this code.
            ModelError: the file is broken, or is none of ours.
        """
        path = path_of(folder, fingerprint)
        try:
            if path.stat().st_size > _LARGEST:
                raise ValueError("too large")
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                about = json.loads(arrays["about"].tobytes())
                model = cls(
                    tuple(about["intents"]),
                    _rows(about["words"]),
                    _rows(about["parts"], len(about["words"])),
                    arrays["weights"].astype(np.float32),
                    arrays["rarity"].astype(np.float32),
                    arrays["bias"].astype(np.float32),
                    about["facts"],
                )
            model._check(about, fingerprint)
        except FileNotFoundError:
            raise
        except (*_BROKEN, OSError) as error:
            reason = f"is no model that can be used ({str(error) or type(error).__name__:.80})"
            raise ModelError(f"{path}: {reason}; delete it, or run: antre nlu train") from None
        return model

    def _check(self, about: Mapping[str, Any], fingerprint: str) -> None:
        rows, columns = len(self.words) + len(self.parts), len(self.intents)
        if (about["format"], about["fingerprint"]) != (FORMAT, fingerprint):
            raise ValueError("it was learnt from something else")
        if self.weights.shape != (rows, columns):
            raise ValueError(f"{rows} by {columns} weights expected, not {self.weights.shape}")
        if self.rarity.shape != (rows,) or self.bias.shape != (columns,):
            raise ValueError("its parts do not fit each other")
        if not isinstance(self.facts.get("examples"), int):
            raise TypeError("it does not say what it was learnt from")
        if not all(np.isfinite(each).all() for each in (self.weights, self.rarity, self.bias)):
            raise ValueError("some of its numbers are none")


_BROKEN = (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile)
"""What reading a file that is none of ours may raise."""


def rarity_of(texts: Any, examples: int) -> Any:
    """How much a feature counts that stands in so many texts; an array gives an array."""
    return np.log((1 + examples) / (1 + texts)) + 1


def length_of(rarity: Floats, untaught: int, examples: int) -> float:
    """The length of a text's vector, of which some features are known and others are not."""
    return float(np.sqrt(rarity @ rarity + UNTAUGHT * untaught * rarity_of(0, examples) ** 2))


def path_of(folder: Path, fingerprint: str) -> Path:
    """Where the model of a fingerprint is kept."""
    return folder / f"{fingerprint}.npz"


def fingerprint_of(training: Path) -> str:
    """What a model is known by: a hash of the training data and of the code that learns."""
    hashed = hashlib.sha256(f"{FORMAT}".encode())
    code = (Path(__file__).with_name(f"{name}.py") for name in _LEARNT_BY)
    for path in (*code, *training_files(training)):
        content = path.read_bytes()
        hashed.update(f"{len(content)}:".encode() + content)
    return hashed.hexdigest()[:16]


def _rows(names: Sequence[str], first: int = 0) -> dict[str, int]:
    return {name: row for row, name in enumerate(names, first)}


def _forget_old(folder: Path, newest: Path) -> None:
    """Delete all but the latest few models, which other processes may still be about to load."""
    for path in _by_age(path for path in folder.glob("*.npz") if path != newest)[KEPT - 1 :]:
        path.unlink(missing_ok=True)


def _by_age(paths: Iterable[Path]) -> list[Path]:
    """The youngest first; what another process has just deleted counts as oldest."""

    def written(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except FileNotFoundError:
            return 0.0

    return sorted(paths, key=written, reverse=True)
