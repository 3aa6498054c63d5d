"""Small rules of the desk: whose word counts for an address, who manages whom, what is weak."""

from datetime import timedelta
from ipaddress import IPv4Network

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.channels.address import address_of
from bot.desk.passwords import Passwords, drawn_password, why_weak
from bot.desk.roles import EVERY_OFFICE, Role
from bot.desk.staffing import may_manage
from bot.desk.throttle import PER_ADDRESS, PER_LOGIN
from tests.support.desk import HASHER, account

PROXIES = (IPv4Network("127.0.0.1/32"), IPv4Network("10.0.0.0/8"))
ADMIN, COUNTER = frozenset({Role.ADMIN}), frozenset({Role.COUNTER})


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.0.0.7", "10.0.0.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "unknown"),
    ],
)
def test_a_proxys_word_counts(remote: str, forwarded: str, address: str) -> None:
    """The last address that a known proxy was asked by; what others wrote before it does not."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/desk", headers=headers).clone(remote=remote)
    assert address_of(request, PROXIES) == address


def test_an_admin_manages_their_own_offices() -> None:
    """Who also works at another office is left to an admin of both; nobody manages themselves."""
    bogor = account("bogor.admin", {"bogor": ADMIN})
    both = account("both.admin", {"bogor": ADMIN, "depok": ADMIN})
    whole = account("whole.admin", {EVERY_OFFICE: ADMIN})
    here, there = account("here", {"bogor": COUNTER}), account("there", {"depok": COUNTER})
    across = account("across", {"bogor": COUNTER, "depok": COUNTER})
    everywhere = account("everywhere.counter", {EVERY_OFFICE: COUNTER})
    managed = {
        admin.login: [
            other.login
            for other in (here, there, across, everywhere, bogor, whole)
            if may_manage(admin, other)
        ]
        for admin in (bogor, both, whole)
    }
    assert managed == {
        "bogor.admin": ["here"],
        "both.admin": ["here", "there", "across", "bogor.admin"],
        "whole.admin": ["here", "there", "across", "everywhere.counter", "bogor.admin"],
    }


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "password.too_short"),
        ("x" * 201, "password.too_long"),
        ("aaaaaaaaaaab", "password.too_easy"),
        ("Sari.contoh99", "password.too_easy"),
        ("hujan sore di kantor", None),
    ],
)
def test_weak_passwords_are_refused(password: str, why: str | None) -> None:
    """Length, the login itself, and the same letters over and over."""
    assert why_weak(password, "sari.contoh") == why
    assert why_weak("tangan di atas", "an") is None
    assert why_weak(drawn_password(), "sari.contoh") is None


async def test_a_password_is_known_by_its_hash() -> None:
    """Only the password itself fits, nothing fits an account that is not there or is broken."""
    passwords = Passwords(HASHER)
    hashed = await passwords.hash("kopi pagi di loket")
    assert await passwords.verify(hashed, "kopi pagi di loket")
    assert not await passwords.verify(hashed, "kopi pagi di loker")
    assert not await passwords.verify(None, "kopi pagi di loket")
    assert not await passwords.verify("no hash", "kopi pagi di loket")
    assert Passwords().is_outdated(hashed)


def test_pauses_grow_to_their_longest() -> None:
    """Free at first, doubling after, and never for ever."""
    seconds = [PER_LOGIN.pause_after(n).total_seconds() for n in (4, 5, 6, 10, 13, 10_000)]
    assert seconds == [0, 1, 2, 32, 256, 300]
    assert PER_ADDRESS.pause_after(10_000) == timedelta(minutes=15)
