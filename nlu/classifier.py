"""What classifiers of intents have in common, the embedded one and Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Guess:
    """One thing a message may mean.

    Args:
        intent: as the training data names it.
        confidence: 0 to 1, calibrated: of a hundred guesses with 0.7, seventy are right.
        by: whose guess it is; the embedded classifier's, if nothing is said.
    """

    intent: str
    confidence: float
    by: str = "local"


class Classifier(Protocol):
    """Ranks what a text may mean by its words alone, without the context it stands in."""

    async def rank(self, text: str) -> Sequence[Guess]:
        """Every intent it knows, likeliest first; the confidences sum to 1.

        Empty when it knows nothing, as before anything was trained.

        Args:
            text: cleaned by :func:`nlu.spelling.clean`, at most ``spelling.LIMIT`` characters.
        """
        ...
