"""Graph's errors: what each means for the message, and for all others of its number.

Decided by ``error.code``; Meta sends the same code with different HTTP statuses. The list is
Meta's "Error codes" of the Cloud API; the words are ours, and say what to do, because Meta's may
quote the applicant's number.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.channels.whatsapp.wire import value_at
from bot.errors import ChannelError, Stopped, Throttled, TryLater, Undeliverable

PAIR_RATE, PAIR_BASE = 131056, 4
"""Meta wants the next try at the same person after 4, 16, 64 … seconds."""

WINDOW_CLOSED = 131047
"""Only a template may be sent to them now."""

PERMISSIONS: Final = range(200, 300)
"""Meta numbers missing permissions one by one; they all mean the same."""


class Kind(StrEnum):
    """What an error asks for."""

    THROTTLE = "throttle"
    """The number waits, and nothing is counted against the message."""
    RETRY = "retry"
    """The message waits, and is given up after some tries."""
    NEVER = "never"
    """The message is given up."""
    MISTAKE = "mistake"
    """The message is given up, and somebody has to mend a flow, a template or us."""
    TOKEN = "token"  # noqa: S105 - a kind of error
    """All numbers of the access token stop until somebody mends it."""
    ACCOUNT = "account"
    """The number stops until somebody mends it."""


_KINDS: Final[dict[Kind, dict[int, str]]] = {
    Kind.THROTTLE: {
        4: "too many calls by this app",
        17: "too many calls by the token's user",
        32: "too many calls for this page",
        341: "too many calls by this app",
        613: "too many calls of this kind",
        80007: "too many calls by this business account",
        80008: "too many calls by this business account",
        130429: "too many messages from this number",
        131048: "this number is slowed down because of spam reports; look at its quality rating",
        131057: "the business account is being maintained by Meta, for some minutes as a rule",
        133015: "this number was deleted and registered a moment ago; Meta wants a pause",
        133016: "too many registrations of this number",
    },
    Kind.RETRY: {
        1: "Meta does not know what went wrong",
        2: "Meta's service is overloaded or down",
        131000: "something went wrong at Meta",
        131016: "Meta's service is overloaded or down",
        131053: "the picture or file was not taken",
        PAIR_RATE: "too many messages to this person",
        133004: "Meta's service is down",
    },
    Kind.NEVER: {
        130472: "Meta leaves this person out of marketing messages for an experiment",
        130497: "this account may not write to people in that country",
        131021: "sender and recipient are the same number",
        131026: "this person cannot be reached on WhatsApp",
        131030: "the app is in test mode and may not write to them; list their number, or go live",
        WINDOW_CLOSED: "the person last wrote more than 24 hours ago",
        131049: "Meta keeps back marketing that this person may have had enough of",
        131050: "this person does not want marketing messages",
        131052: "the file this person sent cannot be fetched any more",
        134011: "the terms of WhatsApp's payments are not accepted",
    },
    Kind.MISTAKE: {
        100: "Graph finds the message malformed: a mistake on our side",
        131008: "a part that Meta requires is missing: a mistake on our side",
        131009: "a part of the message has no valid value: a mistake on our side",
        131051: "Meta does not know this kind of message: a mistake on our side",
        132000: "the template has another number of parameters; compare it with flows/replies",
        132001: "no such template in this language; register it with Meta (docs/operations.md)",
        132005: "the template is too long once it is filled in",
        132007: "the template breaks one of Meta's rules",
        132012: "the template has parameters of another form",
        132015: "Meta has paused the template; look at its quality rating",
        132016: "Meta has disabled the template; register another one",
        132018: "the template's parameters are not valid; compare it with flows/replies",
        132068: "the WhatsApp Flow in it is blocked; we send none, so look at the template",
        132069: "the WhatsApp Flow in it is throttled; we send none, so look at the template",
        135000: "Meta finds something wrong with the message and does not say what",
    },
    Kind.TOKEN: {
        0: "the access token is not accepted; set a new WHATSAPP_ACCESS_TOKEN",
        3: "the app may not do this; give it whatsapp_business_messaging",
        10: "the access token may not send messages; grant whatsapp_business_messaging",
        102: "the access token's session is over; set a new WHATSAPP_ACCESS_TOKEN",
        190: "the access token has expired or was revoked; set a new WHATSAPP_ACCESS_TOKEN",
        131005: "the access token may not send from this number; give its user the account",
    },
    Kind.ACCOUNT: {
        33: "Meta does not know this number any more; look at it in WhatsApp Manager",
        368: "Meta has blocked the account for a time, for breaking a policy",
        131031: "Meta has locked the account; look at Business Support Home",
        131037: "Meta has not approved the number's display name; ask for it in WhatsApp Manager",
        131042: "the account cannot be charged; mend its payment method in Meta's billing",
        131045: "the number's registration is not complete; register it again",
        133000: "the number's deregistration is not complete; deregister it again",
        133005: "the number was registered with another PIN",
        133006: "the number is not verified; ask Meta for a code and verify it",
        133008: "too many wrong PINs for this number; wait as long as Meta says",
        133009: "PINs were tried too fast for this number; wait as long as Meta says",
        133010: "the number is not registered with the Cloud API; register it",
    },
}

_MEANINGS: Final = {
    code: (kind, words) for kind, listed in _KINDS.items() for code, words in listed.items()
}

LASTING: Final = frozenset({131048})
"""Throttling that does not pass by itself within minutes."""

_TIMEOUT, _TOO_MANY = 408, 429
_CLIENT_ERRORS = range(400, 500)
_NOT_LET_IN = {
    401: "the access token is not accepted; set a new WHATSAPP_ACCESS_TOKEN",
    403: "something before Graph does not let us in; look at proxy and firewall",
    407: "a proxy wants to know who we are; look at its settings",
}
_LONGEST_PAUSE = timedelta(days=1)


def fault(
    status: int, document: object, retry_after: str | None = None, *, token: str = ""
) -> ChannelError:
    """The error to raise for a call that Graph did not take.

    Args:
        status: HTTP status.
        document: the answer's JSON, ``None`` if it was none.
        retry_after: the header, if it came; only its form in seconds is honoured.
        token: what the access token is called; never the token.
    """
    code = code_in(document)
    kind, words = meaning(status, code)
    what = f"Graph answered HTTP {status}" + (f", error {code}" if code is not None else "")
    told, pause = f"{what}: {words}", _pause(retry_after)
    if kind is Kind.TOKEN:
        return Stopped(told.replace("WHATSAPP_ACCESS_TOKEN", token or "one"), code, cause=token)
    if kind is Kind.ACCOUNT:
        return Stopped(told, code)
    if kind is Kind.THROTTLE:
        return Throttled(told, code, pause, alarm=code in LASTING)
    if kind is Kind.RETRY:
        return TryLater(told, code, pause, base=PAIR_BASE if code == PAIR_RATE else 2)
    return Undeliverable(told, code, alarm=kind is Kind.MISTAKE)


def meaning(status: int, code: int | None) -> tuple[Kind, str]:
    """What a refusal asks for, and why.

    A code nobody knows, or none, goes by the HTTP status: what is not in Graph's form was not said
    by Graph, so it says nothing about the message.
    """
    if code is None and status in _NOT_LET_IN:
        return Kind.TOKEN if status == 401 else Kind.ACCOUNT, _NOT_LET_IN[status]  # noqa: PLR2004 - unauthorised
    if code is None:
        return Kind.RETRY, "something other than Graph answered, or Graph without saying why"
    if code in PERMISSIONS:
        return Kind.TOKEN, "the access token lacks a permission; grant it, or set a new one"
    if code in _MEANINGS:
        return _MEANINGS[code]
    if status in _CLIENT_ERRORS and status not in {_TIMEOUT, _TOO_MANY}:
        return Kind.NEVER, "an error this version does not know; look it up in Meta's list"
    return Kind.RETRY, "an error this version does not know"


def code_in(document: object) -> int | None:
    """``error.code`` of an answer, also one that a gateway has made text of."""
    code = value_at(document, "error", "code")
    if isinstance(code, str) and code.isascii() and code.isdigit():
        return int(code[:9])
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _pause(retry_after: str | None) -> timedelta | None:
    text = (retry_after or "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(timedelta(seconds=int(text[:9])), _LONGEST_PAUSE)
