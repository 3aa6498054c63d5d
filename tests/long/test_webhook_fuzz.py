"""The fuzzing of ``tests/channels/whatsapp/test_fuzz.py``, for minutes."""

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


@pytest.mark.long
@settings(max_examples=8_000)
@given(wrong_entries, st.booleans())
def test_mutilated_for_long(fuzzed: Fuzzed, wrong: bytes, before: bool) -> None:  # noqa: FBT001 - likewise
    """The same, for minutes."""
    fuzzed.check(wrong, before)
