"""Graph's error codes: which are worth another try.

Decided by ``error.code``; Meta sends the same code with different HTTP statuses. The texts are
ours, because Meta's may quote the applicant's number.
"""

from __future__ import annotations

from datetime import timedelta

from bot.channels.whatsapp.wire import value_at
from bot.errors import ChannelError, TryLater, Undeliverable

PAIR_RATE, PAIR_BASE = 131056, 4
"""Meta wants the next try at the same person after 4, 16, 64 … seconds."""

WINDOW_CLOSED = 131047
"""Only a template may be sent to them now."""

LATER = {
    4: "too many calls by this app",
    80007: "too many calls by this business account",
    130429: "too many messages from this number",
    131048: "this number is slowed down because of spam reports; look at its quality rating",
    131053: "the picture was not taken",
    PAIR_RATE: "too many messages to this person",
    133016: "too many registrations of this number",
}
NEVER = {
    100: "Graph finds the message malformed: a mistake on our side",
    131026: "this person cannot be reached on WhatsApp",
    WINDOW_CLOSED: "the person last wrote more than 24 hours ago",
}
TEMPLATE = {
    132000: "the template has another number of parameters; compare it with flows/replies",
    132001: "no such template in this language; register it with Meta (docs/operations.md)",
    132005: "the template is too long once it is filled in",
    132007: "the template breaks one of Meta's rules",
    132012: "the template has parameters of another form",
    132015: "Meta has paused the template; look at its quality rating",
    132016: "Meta has disabled the template; register another one",
}
"""Wants a person: nobody gets this message until the template is mended."""

TOKEN = {
    0: "the access token is not accepted; set a new WHATSAPP_ACCESS_TOKEN",
    10: "the access token may not send messages; grant whatsapp_business_messaging",
    190: "the access token has expired or was revoked; set a new WHATSAPP_ACCESS_TOKEN",
}

_TIMEOUT, _UNAUTHORISED, _TOO_MANY = 408, 401, 429
_CLIENT_ERRORS = range(400, 500)
_LONGEST_PAUSE = timedelta(days=1)


def fault(status: int, document: object, retry_after: str | None = None) -> ChannelError:
    """The error to raise for a call that Graph did not take.

    Args:
        status: HTTP status.
        document: the answer's JSON, ``None`` if it was none.
        retry_after: the header, if it came; only its form in seconds is honoured.
    """
    code = _code(document)
    what = f"Graph answered HTTP {status}" + (f", error {code}" if code is not None else "")
    if code in LATER:
        base = PAIR_BASE if code == PAIR_RATE else 2
        return TryLater(f"{what}: {LATER[code]}", code, _pause(retry_after), base=base)
    if code in NEVER:
        return Undeliverable(f"{what}: {NEVER[code]}", code)
    for wanting in (TEMPLATE, TOKEN):
        if code in wanting:
            return Undeliverable(f"{what}: {wanting[code]}", code, alarm=True)
    if status in _CLIENT_ERRORS and status not in {_TIMEOUT, _TOO_MANY}:
        return Undeliverable(what, code, alarm=status == _UNAUTHORISED)
    return TryLater(what, code, _pause(retry_after))


def _code(document: object) -> int | None:
    code = value_at(document, "error", "code")
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _pause(retry_after: str | None) -> timedelta | None:
    text = (retry_after or "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(timedelta(seconds=int(text[:9])), _LONGEST_PAUSE)
