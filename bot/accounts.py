"""Several WhatsApp accounts: whether every office has the secrets it needs."""

from __future__ import annotations

from bot.booking.office import Offices
from bot.document import meant
from bot.errors import ConfigError
from bot.secret_files import token_variable
from bot.settings import Secrets


def check_accounts(secrets: Secrets, offices: Offices) -> None:
    """See to it that every office with a number can be heard and answered.

    Raises:
        ConfigError: a variable names no office, or an office has no secret; one line each.
    """
    known = [office.id for office in offices]
    named = (
        ("WHATSAPP_ACCESS_TOKEN_{}", secrets.whatsapp_access_tokens),
        ("WHATSAPP_APP_SECRET_{}", secrets.whatsapp_app_secrets),
        ("WHATSAPP_APP_SECRET_{}_PREVIOUS", secrets.whatsapp_app_secrets_previous),
    )
    problems = [
        f"{form.format(office.upper())}: no office {office!r}{meant(office, known)}"
        for form, given in named
        for office in given
        if office not in known
    ]
    problems += [
        f"WHATSAPP_APP_SECRET_{office.upper()}_PREVIOUS: set WHATSAPP_APP_SECRET_{office.upper()}"
        for office in secrets.whatsapp_app_secrets_previous
        if office in known and office not in secrets.whatsapp_app_secrets
    ]
    numbered = [office.id for office in offices if office.numbers]
    problems += [
        f"{office}: has no access token; set {token_variable(office)}, or WHATSAPP_ACCESS_TOKEN"
        for office in numbered
        if not secrets.whatsapp_access_token and office not in secrets.whatsapp_access_tokens
    ]
    problems += [
        f"{office}: has no app secret; set WHATSAPP_APP_SECRET_{office.upper()}, or"
        " WHATSAPP_APP_SECRET"
        for office in numbered
        if not secrets.whatsapp_app_secret and office not in secrets.whatsapp_app_secrets
    ]
    if problems:
        raise ConfigError("\n".join(problems))
