"""Whether Meta knows us: the token, the app's webhook, the accounts, their numbers.

Sources: Meta's documentation of debug_token, app subscriptions, and of a WhatsApp Business
account's subscribed_apps, phone_numbers and message_templates.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.booking.office import Offices
from bot.channels.whatsapp.webhook import PATH
from bot.commands.doctor.asking import Asking, Refused, objects
from bot.commands.doctor.templates import of_templates
from bot.commands.doctor.told import Told, error, ok, warning
from bot.definitions import Definitions
from bot.secret_files import token_variable
from bot.settings import Secrets, Settings

CLOCK_WRONG_SECONDS: Final = 30.0
A_DAY: Final = timedelta(days=1)
SEND, MANAGE = "whatsapp_business_messaging", "whatsapp_business_management"
WORTH_HEARING: Final = (
    "account_update",
    "message_template_status_update",
    "phone_number_quality_update",
)
"""Webhook fields that tell operators what they must act on."""

DEAD_TOKEN: Final = 190


@dataclass(frozen=True, slots=True)
class Access:
    """One access token, and the secret of the app it belongs to.

    Args:
        name: the token's variable.
    """

    name: str
    token: str
    app_secret: str


def accesses_of(secrets: Secrets) -> list[Access]:
    """The token of all offices, then those of single ones."""
    general = secrets.whatsapp_app_secret
    tokens = {"WHATSAPP_ACCESS_TOKEN": (secrets.whatsapp_access_token, general)} | {
        token_variable(office): (token, secrets.whatsapp_app_secrets.get(office, general))
        for office, token in secrets.whatsapp_access_tokens.items()
    }
    return [
        Access(name, token.get_secret_value(), secret.get_secret_value())
        for name, (token, secret) in tokens.items()
        if token
    ]


async def of_meta(settings: Settings, definitions: Definitions) -> AsyncIterator[Told]:
    """All that Graph can be asked with the secrets there are."""
    accesses = accesses_of(settings.secrets)
    if not accesses:
        yield warning("token", "Graph was not asked", "set WHATSAPP_ACCESS_TOKEN")
        return
    numbers: list[Mapping[str, Any]] = []
    async with aiohttp.ClientSession() as session:
        for access in accesses:
            graph = Asking(session, settings.secrets.whatsapp_graph_url, access.token)
            prefix = f"{access.name}: " if len(accesses) > 1 else ""
            async for each in _of_access(graph, access, settings, definitions, numbers):
                yield replace(each, said=f"{prefix}{each.said}")
    for each in _of_numbers(numbers, definitions.offices):
        yield each


async def _of_access(
    graph: Asking,
    access: Access,
    settings: Settings,
    definitions: Definitions,
    numbers: list[Mapping[str, Any]],
) -> AsyncIterator[Told]:
    """What one token leads to; the numbers it sees go into ``numbers``."""
    about: Mapping[str, Any] = {}
    try:
        answer = (await graph.get("debug_token", input_token=access.token)).get("data")
        about = answer if isinstance(answer, dict) else {}
        told = list(_of_token(about, datetime.now(UTC)))
    except Refused as refused:
        told = [_of_refused(refused)]
    yield _of_clock(graph)
    for each in told:
        yield each
    if not about and any(each.state == "error" for each in told):
        return
    app, found = str(about.get("app_id", "")), list[Mapping[str, Any]]()
    accounts = _accounts(about, settings.whatsapp.business_account_ids)
    if not accounts:
        do = "write its id under whatsapp.business_account_ids"
        yield warning("accounts", "the token names no WhatsApp Business account", do)
    for account in accounts:
        async for each in _of_account(graph, account, app, found):
            yield each
        async for each in _templates(graph, account, definitions):
            yield each
    numbers += found
    overridden = any(each["override_callback_uri"] for each in found)
    if app and access.app_secret and not overridden:
        for each in await _of_webhook(graph, app, access.app_secret):
            yield each


def _of_clock(graph: Asking) -> Told:
    if graph.ahead is None:
        do = "see that this machine may open https connections to Meta"
        return warning("clock", "Graph did not say what time it is", do)
    if abs(graph.ahead) > CLOCK_WRONG_SECONDS:
        said = f"this machine's clock is {abs(graph.ahead):.0f} s off Meta's"
        return error("clock", said, "have it set by NTP: the 24-hour window is counted by it")
    return ok("clock", "this machine's clock agrees with Meta's")


def _of_refused(refused: Refused) -> Told:
    if refused.code == DEAD_TOKEN:
        do = "make a new one for the system user, put it in the place of the old one"
        return error("token", "the access token is expired, revoked or mistyped", do)
    if refused.code is not None:
        do = "nothing, if messages are answered; else try again later"
        return warning("token", f"what the access token may do was not told: {refused}", do)
    return error("token", str(refused), "check WHATSAPP_GRAPH_URL, any proxy, and Meta's status")


def _of_token(about: Mapping[str, Any], now: datetime) -> Iterator[Told]:
    if about.get("is_valid") is not True:
        do = "make a new one for the system user, put it in the place of the old one"
        yield error("token", "Meta says that the access token is not valid any more", do)
    scopes = about.get("scopes")
    scopes = scopes if isinstance(scopes, list) else []
    if SEND not in scopes:
        do = f"give the system user's token the permission {SEND}"
        yield error("token", "the access token may not send", do)
    if MANAGE not in scopes:
        do = f"give it {MANAGE} too; the bot itself can do without"
        yield warning("token", "numbers, subscription and templates may not be looked at", do)
    ends = about.get("expires_at")
    if isinstance(ends, int) and ends > 0:
        at = datetime.fromtimestamp(ends, UTC)
        said = f"the access token ends on {at:%Y-%m-%d %H:%M} UTC"
        do = "use a system user's token that never ends"
        yield (error if at - now < A_DAY else warning)("token", said, do)
    elif about.get("is_valid") is True:
        yield ok("token", "the access token is valid and does not end")


def _accounts(about: Mapping[str, Any], told: Sequence[str]) -> list[str]:
    """Ids of the WhatsApp Business accounts, those of the settings first."""
    granted = [
        str(target)
        for scope in objects(about.get("granular_scopes"))
        if scope.get("scope") in {SEND, MANAGE} and isinstance(scope.get("target_ids"), list)
        for target in scope["target_ids"]
    ]
    return list(dict.fromkeys([*told, *granted]))


async def _of_account(
    graph: Asking, account: str, app: str, found: list[Mapping[str, Any]]
) -> AsyncIterator[Told]:
    """Whether the app hears of an account; its numbers go into ``found``."""
    try:
        listed = await graph.all_of(f"{account}/subscribed_apps")
        fields = "id,display_phone_number,verified_name,quality_rating,status"
        numbers = await graph.all_of(f"{account}/phone_numbers", fields=fields)
    except Refused as refused:
        do = f"check the id, and that the token's system user may manage it ({MANAGE})"
        yield warning("accounts", f"account {account}: {refused}", do)
        return
    mine = next((each for each in listed if app in {"", _app_of(each)}), None)
    if mine is None:
        do = f"POST {account}/subscribed_apps with the access token (docs/operations.md)"
        yield error("subscription", f"account {account} does not tell our app anything", do)
    else:
        yield ok("subscription", f"account {account} tells our app")
    override = mine.get("override_callback_uri", "") if mine else ""
    found += [{**each, "override_callback_uri": override} for each in numbers]


def _app_of(subscription: Mapping[str, Any]) -> str:
    about = subscription.get("whatsapp_business_api_data")
    return str(about.get("id", "")) if isinstance(about, dict) else ""


async def _templates(graph: Asking, account: str, definitions: Definitions) -> AsyncIterator[Told]:
    try:
        listed = await graph.all_of(
            f"{account}/message_templates", fields="name,language,status,components", limit="200"
        )
    except Refused as refused:
        do = f"give the token {MANAGE}, or compare by hand with docs/operations.md"
        yield warning("templates", f"account {account}: {refused}", do)
        return
    for each in of_templates(account, listed, definitions.flows.replies.values()):
        yield each


def _of_numbers(found: Sequence[Mapping[str, Any]], offices: Offices) -> Iterator[Told]:
    """Whether Meta's numbers are the offices', and well; nothing where none could be seen."""
    seen = set()
    for each in found:
        digits = "".join(c for c in str(each.get("display_phone_number", "")) if c.isdigit())
        office = offices.by_number(digits)
        seen.add(digits)
        if office is None:
            do = "write it under its office in offices.yml, or it is never answered"
            yield warning("numbers", f"+{digits} is of no office", do)
            continue
        yield _of_number(f"+{digits} of {office.id}", each)
    absent = [
        f"+{number} ({office.id})" for office in offices for number in office.numbers
        if number not in seen
    ]  # fmt: skip
    if absent and found:
        do = "register them with Meta, or take them out of offices.yml"
        yield warning("numbers", f"in none of the accounts: {', '.join(absent)}", do)


def _of_number(name: str, about: Mapping[str, Any]) -> Told:
    status, quality = about.get("status", "CONNECTED"), about.get("quality_rating", "UNKNOWN")
    if status != "CONNECTED":
        do = "look at it in Meta's WhatsApp Manager; register it if it is new"
        return error("numbers", f"{name} is {str(status)[:40]}", do)
    if quality == "RED":
        do = "people block or report it: send less outside conversations, or Meta will limit it"
        return error("numbers", f"{name}: quality is red", do)
    if quality == "YELLOW":
        do = "watch it: reminders that people do not want cost quality"
        return warning("numbers", f"{name}: quality is yellow", do)
    return ok("numbers", f"{name} is connected")


async def _of_webhook(graph: Asking, app: str, secret: str) -> list[Told]:
    """Where Meta delivers to; asked with the app secret, which is proven so."""
    try:
        answer = await graph.get(f"{app}/subscriptions", token=f"{app}|{secret}")
    except Refused as refused:
        if refused.code is None:
            return [warning("webhook", str(refused), "try again")]
        do = "copy it from Meta's app dashboard, Settings, Basic; every delivery is refused now"
        return [error("webhook", f"the app secret is not that of app {app}", do)]
    listed = objects(answer.get("data"))
    wanted = (each for each in listed if each.get("object") == "whatsapp_business_account")
    ours = next(wanted, None)
    if ours is None or ours.get("active") is not True:
        do = f"set https://YOUR-NAME{PATH} as the app's webhook (docs/operations.md)"
        return [error("webhook", "the app has no active webhook for WhatsApp", do)]
    return list(_of_subscription(ours))


def _of_subscription(webhook: Mapping[str, Any]) -> Iterator[Told]:
    path = urlsplit(str(webhook.get("callback_url", ""))).path
    fields = {str(each.get("name", "")) for each in objects(webhook.get("fields"))}
    if path != PATH:
        do = f"it should end in {PATH}; change it in Meta's app dashboard"
        yield error("webhook", f"Meta delivers to the path {path[:80] or '/'}", do)
    if "messages" not in fields:
        do = "subscribe to it in Meta's app dashboard, WhatsApp, Configuration"
        yield error("webhook", "the field messages is not subscribed to", do)
    elif path == PATH:
        yield ok("webhook", f"Meta delivers messages to {PATH}; the app secret is right")
    if missing := [field for field in WORTH_HEARING if field not in fields]:
        do = "subscribe to them, so that the log tells when Meta limits or pauses something"
        yield warning("webhook", f"not subscribed to: {', '.join(missing)}", do)
