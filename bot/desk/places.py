"""Where a browser is sent, and how that is kept within the desk."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

HOME: Final = "/desk"
SIGN_IN: Final = "/desk/sign-in"

_OURS: Final = re.compile(r"/desk(?:/[A-Za-z0-9_-]+)*(?:\?[A-Za-z0-9_=&%.+-]*)?")
"""A path of ours and its query: no host, no ``//``, no ``..``, nothing a browser might mend."""


def within(wanted: str) -> str:
    """Where to go, if that is within the desk; else home."""
    return wanted if _OURS.fullmatch(wanted) else HOME


_PAGE: Final = re.compile(r"/(?:(?:offices|booking|phone)(?:/[A-Za-z0-9_-]+)*)?")
"""A path of the applicants' page."""


def within_page(wanted: str) -> str:
    """Where to go, if that is on the applicants' page; else to its beginning."""
    return wanted if _PAGE.fullmatch(wanted) else "/"


def sign_in_for(wanted: str) -> str:
    """The sign-in page that leads on to ``wanted``."""
    place = within(wanted)
    return SIGN_IN if place == HOME else f"{SIGN_IN}?next={quote(place, safe='')}"
