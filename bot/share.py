"""Which of how many processes this one is, when several serve one office together.

``antre serve --workers N`` starts them; what has to be held by all of them together (Meta's rates,
the jobs one of them is enough for) is told its part here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ServeShare:
    """One process among those that serve together.

    Args:
        index: its number, from 0; it stays the same when the process is started anew.
        of: how many there are.
    """

    index: int = 0
    of: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.of:
            raise ValueError(f"no process {self.index} among {self.of}")

    @property
    def is_first(self) -> bool:
        """Whether this one does what one of them is enough for."""
        return self.index == 0


ALONE = ServeShare()
"""One process that serves by itself."""

METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which processes that serve together keep what they count.
Prometheus' library looks at it when it is imported.
"""
