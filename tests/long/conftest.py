"""The real processes of the end-to-end tests, for longer."""

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
