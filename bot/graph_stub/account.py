"""What Graph tells of the app, its token and a WhatsApp Business account: for ``antre doctor``."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from bot.graph_stub.controls import dump
from bot.graph_stub.faults import refusal

Answering = Callable[[web.Request], Awaitable[web.Response]]

PAGE = 25
"""Templates a page, however many are asked for: lists have to be read on."""


@dataclass
class Account:
    """One account, and the app that is told what happens in it.

    Attributes:
        numbers: as ``phone_numbers`` lists them.
        templates: as ``message_templates`` lists them.
        subscribed: whether the app is told.
        fields: of the app's webhook; none without ``callback_url``.
        expires_at: of the token, in Unix seconds; 0 is never.
        tells_of_token: whether a token may be looked at with itself.
        ahead: by which Meta's clock is ahead.
    """

    id: str = "102000000000001"
    app: str = "670000000000001"
    app_secret: str = ""
    numbers: list[Mapping[str, Any]] = field(default_factory=list)
    templates: list[Mapping[str, Any]] = field(default_factory=list)
    subscribed: bool = True
    callback_url: str = "https://bot.example/webhooks/whatsapp"
    fields: Sequence[str] = (
        "messages",
        "account_update",
        "message_template_status_update",
        "phone_number_quality_update",
    )
    scopes: Sequence[str] = ("whatsapp_business_messaging", "whatsapp_business_management")
    expires_at: int = 0
    tells_of_token: bool = True
    ahead: timedelta = timedelta()

    def has_number(self, id_: str, number: str, name: str) -> None:
        """Have a number, connected and well."""
        written = re.sub(r"^(62)(\d{3})(\d+?)(\d{4})$", r"+\1 \2-\3-\4", number)
        self.numbers.append(
            {
                "id": id_,
                "display_phone_number": written,
                "verified_name": name,
                "quality_rating": "GREEN",
                "status": "CONNECTED",
            }
        )

    def has_template(self, name: str, language: str, parameters: int, buttons: int) -> None:
        """Have a template, approved."""
        text = " ".join(f"{{{{{number}}}}}" for number in range(1, parameters + 1))
        components: list[Mapping[str, Any]] = [{"type": "BODY", "text": f"Halo {text}"}]
        if buttons:
            quick = [{"type": "QUICK_REPLY", "text": f"Tombol {n}"} for n in range(buttons)]
            components.append({"type": "BUTTONS", "buttons": quick})
        self.templates.append(
            {"name": name, "language": language, "status": "APPROVED", "components": components}
        )


def account_routes(version: str, account: Account, token: Callable[[], str]) -> list[web.RouteDef]:
    """The GET requests of Graph that tell of it.

    Args:
        token: the access token it takes now; empty while it takes none.
    """

    def answered(request: web.Request, document: Mapping[str, Any], needs: str) -> web.Response:
        given = request.headers.get("Authorization")
        if not needs or given != f"Bearer {needs}":
            answer = refusal(401, 190, f"the access token {given} is not valid")
        else:
            answer = dump(document)
        answer.headers["Date"] = format_datetime(datetime.now(UTC) + account.ahead, usegmt=True)
        return answer

    def listing(documents: Sequence[Mapping[str, Any]]) -> Answering:
        async def handler(request: web.Request) -> web.Response:
            if request.match_info["id"] != account.id:
                return refusal(400, 100, f"Unsupported get request: {request.match_info['id']}")
            page = _page(documents, int(request.query.get("after", "0")))
            return answered(request, page, token())

        return handler

    async def about_token(request: web.Request) -> web.Response:
        granted = [{"scope": scope, "target_ids": [account.id]} for scope in account.scopes]
        about = {
            "app_id": account.app,
            "type": "SYSTEM_USER",
            "is_valid": request.query.get("input_token") == token(),
            "expires_at": account.expires_at,
            "scopes": account.scopes,
            "granular_scopes": granted,
        }
        if not account.tells_of_token:
            return refusal(400, 100, "you must provide an app access token")
        return answered(request, {"data": about}, token())

    async def subscribed_apps(request: web.Request) -> web.Response:
        ours = {"whatsapp_business_api_data": {"id": account.app, "name": "Antre"}}
        return await listing([ours] if account.subscribed else [])(request)

    async def subscriptions(request: web.Request) -> web.Response:
        webhook = {
            "object": "whatsapp_business_account",
            "callback_url": account.callback_url,
            "active": True,
            "fields": [{"name": name, "version": version} for name in account.fields],
        }
        app_token = f"{account.app}|{account.app_secret}"
        return answered(request, {"data": [webhook] if account.callback_url else []}, app_token)

    return [
        web.get(f"/{version}/debug_token", about_token),
        web.get(f"/{version}/{account.app}/subscriptions", subscriptions),
        web.get(f"/{version}/{{id}}/subscribed_apps", subscribed_apps),
        web.get(f"/{version}/{{id}}/phone_numbers", listing(account.numbers)),
        web.get(f"/{version}/{{id}}/message_templates", listing(account.templates)),
    ]


def _page(documents: Sequence[Mapping[str, Any]], begin: int) -> dict[str, Any]:
    """A part of a list, and how to read on."""
    after = begin + PAGE
    more = {"cursors": {"after": f"{after}"}, "next": "https://…"} if documents[after:] else {}
    return {"data": documents[begin:after], "paging": more}
