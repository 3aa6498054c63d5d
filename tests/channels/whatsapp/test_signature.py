from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.signature import is_signed, same_text
from tests.support.webhooks import APP_SECRET, sign

BODY = b'{"entry": []}'
GOOD = sign(BODY)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        GOOD.removeprefix("sha256="),
        GOOD.replace("sha256", "sha1"),
        GOOD[:-1],
        GOOD + "0",
        GOOD + "é",
        "sha256=" + "é" * 64,
        "sha256=\udcff\udcfe",
        f"{GOOD}, {GOOD}",
        f" {GOOD}",
        sign(BODY, "another secret"),
        sign(BODY + b" "),
        "sha256=" + "g" * 64,
        "\x00",
    ],
)
def test_wrong_header(header: str | None) -> None:
    """A missing, cut, foreign or odd signature is refused without an exception."""
    assert not is_signed(BODY, header, APP_SECRET)


def test_right_header() -> None:
    """The HMAC of the very bytes is accepted."""
    assert is_signed(BODY, GOOD, APP_SECRET)


def test_empty_secret() -> None:
    """An empty secret signs nothing, though its HMAC could be computed."""
    assert not is_signed(BODY, sign(BODY, ""), "")


@given(st.binary(), st.text(st.characters(codec=None)))
def test_any_header(body: bytes, header: str) -> None:
    """No header of any kind, lone surrogates included, raises or passes."""
    assert not is_signed(body, header, APP_SECRET)


@given(st.binary())
def test_any_body(body: bytes) -> None:
    """Any bytes, signed, pass; with one more byte they do not."""
    assert is_signed(body, sign(body), APP_SECRET)
    assert not is_signed(body + b"\n", sign(body), APP_SECRET)


def test_same_text() -> None:
    """Text outside ASCII can be compared."""
    assert same_text("kunci-é", "kunci-é")
    assert not same_text("kunci-é", "kunci-e")
