"""What one network address may do, however many cookies it has."""

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.channels.web import crowd as counted
from bot.channels.web.crowd import SOCKETS, Allowed, Crowd
from bot.settings import Server


class Time:
    """Seconds, set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def crowd(time: Time, processes: int = 1) -> Crowd:
    """Sixty messages a minute, four visitors an hour; behind a proxy on this machine."""
    return Crowd(Allowed(60, 4, 2), time, Server().proxies, processes)


def asking(address: str):  # noqa: ANN201 - aiohttp's own mock
    """A request that the proxy passes on for ``address``."""
    return make_mocked_request("GET", "/", headers={"X-Forwarded-For": address})


@pytest.fixture(autouse=True)
def _behind_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests without a connection come from the proxy."""
    real = counted.address_of
    monkeypatch.setattr(
        counted,
        "address_of",
        lambda request, proxies: real(request.clone(remote="127.0.0.1"), proxies),
    )


def test_newcomers_are_counted_by_address() -> None:
    """Four come in, the fifth waits a quarter of an hour; another address is not touched."""
    time = Time()
    door = crowd(time)
    assert [door.may_begin(asking("198.51.100.1")) for _ in range(5)] == [True] * 4 + [False]
    assert door.may_begin(asking("198.51.100.2"))
    time.now += 899
    assert not door.may_begin(asking("198.51.100.1"))
    time.now += 2
    assert door.may_begin(asking("198.51.100.1"))


def test_a_home_has_one_ipv6_network() -> None:
    """Addresses of one /64 are one home's; a mapped IPv4 address is that address."""
    door = crowd(Time())
    assert door.place(asking("2001:db8:1:2::1")) == door.place(asking("2001:db8:1:2:ffff::9"))
    assert door.place(asking("2001:db8:1:3::1")) != door.place(asking("2001:db8:1:2::1"))
    assert door.place(asking("::ffff:198.51.100.1")) != door.place(asking("::ffff:198.51.100.2"))
    assert door.place(asking("unknown")) == "unknown"


def test_processes_share_what_is_allowed() -> None:
    """Of two that serve together each allows half."""
    door = crowd(Time(), processes=2)
    assert [door.may_begin(asking("198.51.100.1")) for _ in range(3)] == [True, True, False]
    assert sum(door.may_write(asking("198.51.100.1")) for _ in range(60)) == 30
    assert sum(door.may_show(asking("198.51.100.1")) for _ in range(60)) == 1


def test_open_pages_are_counted_until_they_leave() -> None:
    """Beyond the limit a page may not stay; when others leave it may."""
    door, request = crowd(Time()), asking("198.51.100.1")
    followed = [door.following(request) for _ in range(SOCKETS)]
    assert all(each.__enter__() for each in followed)
    with door.following(request) as may_stay:
        assert not may_stay
    followed.pop().__exit__(None, None, None)
    with door.following(request) as may_stay:
        assert may_stay


def test_addresses_that_were_quiet_longest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of addresses takes no memory without end."""
    monkeypatch.setattr(counted, "REMEMBERED", 3)
    door = crowd(Time())
    assert [door.may_begin(asking("198.51.100.1")) for _ in range(5)].count(True) == 4
    for last in range(2, 6):
        door.may_begin(asking(f"198.51.100.{last}"))
    assert door.may_begin(asking("198.51.100.1"))
