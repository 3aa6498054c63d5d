"""Bodies that are wrong in every way: answered 200, nothing breaks, and the healthy are heard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fuzzed import Fuzzed, an_office, wrong_entries


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Fuzzed]:
    """One office for all examples."""
    with an_office() as opened:
        yield opened


@settings(max_examples=200)
@given(wrong_entries, st.booleans())
def test_mutilated(fuzzed: Fuzzed, wrong: bytes, before: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """Never a 5xx, never an exception of ours, and who wrote beside it is answered."""
    fuzzed.check(wrong, before)
