"""Times as a database has them: BSON holds milliseconds, so every time is cut to them on its way
in, and memory and MongoDB compare alike.
"""

from __future__ import annotations

from datetime import datetime


def milliseconds(moment: datetime) -> datetime:
    """The same moment as a database remembers it."""
    beyond = moment.microsecond % 1000
    return moment.replace(microsecond=moment.microsecond - beyond) if beyond else moment
