"""What takes long: real processes killed again and again, thousands of people, Rasa itself."""

from pathlib import Path

import pytest

from tests.end_to_end.conftest import (
    applicant,
    data,
    database,
    graph,
    house,
    on_mongo,
    session,
)

__all__ = ["applicant", "data", "database", "graph", "house", "on_mongo", "session"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder ``long``."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.long)
