"""Whether a webhook body comes from Meta: ``X-Hub-Signature-256``."""

from __future__ import annotations

import hmac

HEADER = "X-Hub-Signature-256"


def is_signed(body: bytes, header: str | None, secret: str) -> bool:
    """Whether ``header`` is ``sha256=`` and the HMAC of exactly these bytes.

    Takes constant time where it matters and never raises, whatever stands in the header: it is
    the one part of a request a stranger controls. An empty secret signs nothing.
    """
    if not header or not secret:
        return False
    return same_text(header, f"sha256={hmac.digest(secret.encode(), body, 'sha256').hex()}")


def same_text(given: str, wanted: str) -> bool:
    """Compare in constant time; text outside ASCII is unequal, where ``hmac`` alone would raise."""
    return hmac.compare_digest(
        given.encode(errors="backslashreplace"), wanted.encode(errors="backslashreplace")
    )
