"""What every answer of the desk tells the browser about itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

HEADERS: Final[Mapping[str, str]] = {
    # Nothing is loaded from elsewhere and nothing inline runs: markup in a name that got past
    # the templates' escaping could do nothing.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    # Not no-referrer: with that, browsers hide the origin of our own forms from us as well.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

KEPT_NOWHERE: Final = "no-store"
"""Pages show people; the next who sits down at the browser must not find them."""

BY_TLS_ALONE: Final = "max-age=31536000"

OURS: Final = ("/desk", "/display")
"""First parts of our paths."""

APPLICANTS: Final = ("/offices", "/booking", "/phone", "/language")
"""First parts of the paths of the applicants' page, beside ``/`` itself."""


def is_ours(path: str) -> bool:
    """Whether a path is one of the desk's."""
    return is_applicants(path) or _begins(path, OURS)


def is_applicants(path: str) -> bool:
    """Whether a path is one of the applicants' page's."""
    return path == "/" or _begins(path, APPLICANTS)


def _begins(path: str, parts: Sequence[str]) -> bool:
    return any(path == part or path.startswith(f"{part}/") for part in parts)


def let_frame(response: web.StreamResponse) -> None:
    """Let our own pages show an answer in a frame: the demo's start page, which has both sides."""
    policy = response.headers.get("Content-Security-Policy", "")
    response.headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"


def set_headers(response: web.StreamResponse, *, secure: bool) -> None:
    """Complete an answer.

    Args:
        secure: browsers come by TLS, and shall never come without it again.
    """
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", KEPT_NOWHERE)
    if secure:
        response.headers.setdefault("Strict-Transport-Security", BY_TLS_ALONE)
