"""Which office a message was written to, and which account answers for it.

A webhook names both: the number people see and Graph's id of it. One of the two may be missing or
odd; then the other tells it, once both came together in this process.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.channels.whatsapp.wire import id_at

OfficeOf = Callable[[str], str | None]
"""Finds an office's id by its WhatsApp number, digits only (``6281299004406``)."""

REMEMBERED = 1_000

ACCOUNT = re.compile(r"[^\s\x00-\x1f\x7f/\\?#%.][^\s\x00-\x1f\x7f/\\?#%]{0,159}")
"""A phone number id; what could lead elsewhere in Graph's tree is none."""

_NUMBER = re.compile(r"[0-9]{8,15}")


class Accounts:
    """Numbers of offices and the accounts they were seen with."""

    def __init__(self) -> None:
        self._by_number: dict[str, str] = {}
        self._by_account: dict[str, str] = {}

    def met(self, number: str, account: str) -> None:
        """Both came together."""
        if self._by_number.get(number) != account and len(self._by_number) < REMEMBERED:
            self._by_number[number] = account
            self._by_account[account] = number

    def account_of(self, number: str) -> str:
        """The account of a number; empty when it is not known."""
        return self._by_number.get(number, "")

    def number_of(self, account: str) -> str:
        """The number of an account; empty when it is not known."""
        return self._by_account.get(account, "")


def placed(metadata: Any, office_of: OfficeOf, accounts: Accounts) -> tuple[str | None, str]:
    """The office that was written to, and the account; ``None`` and empty where nobody knows."""
    shown = "".join(c for c in id_at(metadata, "display_phone_number") if c in "0123456789")
    told = id_at(metadata, "phone_number_id").strip()
    account = told if ACCOUNT.fullmatch(told) else ""
    number = shown if _NUMBER.fullmatch(shown) else accounts.number_of(account)
    office = office_of(number)
    if office is not None:
        account = account or accounts.account_of(number)
        if account:
            accounts.met(number, account)
    return office, account
