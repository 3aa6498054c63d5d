from __future__ import annotations

from typing import Any

import pytest

from bot.channels.whatsapp.numbers import REMEMBERED, Accounts, placed

NUMBER, ACCOUNT = "6281299004406", "106540352242922"
OFFICES = {NUMBER: "jakarta_pusat", "628118119000": "tangerang"}


def where(number: Any, account: Any, accounts: Accounts | None = None) -> tuple[str | None, str]:
    """The office and account of a change's metadata."""
    metadata = {"display_phone_number": number, "phone_number_id": account}
    return placed(metadata, OFFICES.get, accounts or Accounts())


@pytest.mark.parametrize("number", [NUMBER, "+62 812-9900-4406", int(NUMBER), f" {NUMBER} "])
def test_an_office_by_its_number(number: Any) -> None:
    """However the number is written, it is the office's."""
    assert where(number, ACCOUNT) == ("jakarta_pusat", ACCOUNT)


def test_an_account_that_is_a_number() -> None:
    """Ids may come as numbers."""
    assert where(NUMBER, int(ACCOUNT)) == ("jakarta_pusat", ACCOUNT)


@pytest.mark.parametrize("odd", [None, "", "kantor", "12", [], {}, float("nan")])
def test_one_tells_the_other(odd: Any) -> None:
    """Once number and account came together, either is enough."""
    accounts = Accounts()
    assert where(odd, ACCOUNT, accounts) == (None, ACCOUNT)
    assert where(NUMBER, None, accounts) == ("jakarta_pusat", "")
    where(NUMBER, ACCOUNT, accounts)
    assert where(odd, ACCOUNT, accounts) == ("jakarta_pusat", ACCOUNT)
    assert where(NUMBER, None, accounts) == ("jakarta_pusat", ACCOUNT)


def test_a_number_of_nobody() -> None:
    """A whole number that is no office's is not ours, whatever its account was before."""
    accounts = Accounts()
    where(NUMBER, ACCOUNT, accounts)
    assert where("6281100000000", ACCOUNT, accounts) == (None, ACCOUNT)


def test_a_number_that_moved() -> None:
    """A number that changes its account is answered by the new one."""
    accounts = Accounts()
    where(NUMBER, ACCOUNT, accounts)
    where(NUMBER, "77", accounts)
    assert where(NUMBER, None, accounts) == ("jakarta_pusat", "77")


@pytest.mark.parametrize("account", ["1/../../me", "..", "a b", "1?x=2", "1#x", "%2e", "", "\0"])
def test_no_account(account: str) -> None:
    """What could lead elsewhere in Graph's tree is no account."""
    assert where(NUMBER, account) == ("jakarta_pusat", "")


@pytest.mark.parametrize("metadata", [None, [], "x", {}])
def test_without_metadata(metadata: Any) -> None:
    """Without a word on it nobody knows where a message belongs."""
    assert placed(metadata, OFFICES.get, Accounts()) == (None, "")


def test_what_is_remembered() -> None:
    """No more is remembered than a country has offices."""
    accounts = Accounts()
    for at in range(REMEMBERED + 5):
        accounts.met(str(at), f"a{at}")
    assert accounts.account_of(str(REMEMBERED + 1)) == ""
