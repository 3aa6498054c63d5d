"""Replayed recordings as test cases, for CI."""

from __future__ import annotations

from collections.abc import Sequence

from bot.junit import Case
from bot.replay.suite import Result


def cases_of(results: Sequence[Result]) -> list[Case]:
    """A test case for each recording."""
    return [
        Case(
            group=".".join(result.path.with_suffix("").parts).strip("./"),
            name=result.title or result.path.stem,
            file=str(result.path),
            seconds=result.seconds,
            failure="" if result.passed else result.complaints[0].headline,
            details="\n\n".join(str(each) for each in result.complaints),
        )
        for result in results
    ]
