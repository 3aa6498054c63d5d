from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.whatsapp.body import DEEPEST, UnreadableBody, read_body

DEEP = 10_000


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"a": "b"}',
        '{"a": "b"}'.encode("utf-16"),
        b"\xff\xfe\0\0" + '{"a": "b"}'.encode("utf-32-le"),
        b'{"a": "b"}\0\0\n',
        b'{"a": "z", "a": "b"}',
        b'{"a": "b", "n": NaN}'.replace(b', "n": NaN', b""),
    ],
)
def test_dressed_differently(body: bytes) -> None:
    """Byte order marks, other encodings, padding and a repeated key cost nothing."""
    assert read_body(body) == [{"a": "b"}]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb'"\ud800"', "\ufffd"),
        (rb'"a\udc00b"', "a\ufffdb"),
        (rb'"\ud83d\ude00 \ud83d"', "😀 \ufffd"),
        (b'"\xed\xa0\x80"', "\ufffd\ufffd\ufffd"),
        (b'"\xff"', "\ufffd"),
        (b'"a\nb\0c"', "a\nb\0c"),
        (b"NaN", None),
        (b"-Infinity", None),
        (b"9" * 5000, None),
        (b"1e999", float("inf")),
        (rb'{"\udfff": "\ud800"}', {"\ufffd": "\ufffd"}),
    ],
)
def test_bad_values(written: bytes, read: Any) -> None:
    """What a strict parser refuses reads as well as it can be, and its neighbour as it is."""
    body = b'{"bad": ' + written + b', "good": "Pagi"}'
    assert read_body(body) == [{"bad": read, "good": "Pagi"}]


@pytest.mark.parametrize(("opens", "closes"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("deep", [1_100, DEEP])
def test_nested_too_deep(opens: bytes, closes: bytes, deep: int) -> None:
    """What is nested beyond reason is cut off; what stands beside it is read."""
    nested = opens * deep + b"1" + closes * deep
    (read,) = read_body(b'{"bad": ' + nested + b', "s": "]}\\"[{", "good": NaN, "b": "Pagi"}')
    assert (read["s"], read["b"]) == (']}"[{', "Pagi")
    for _ in range(DEEPEST - 1):
        (read["bad"],) = read["bad"].values() if isinstance(read["bad"], dict) else read["bad"]
    assert read["bad"] is None


@pytest.mark.parametrize("body", [b'[{"a": 1}, 2, {"b": 3}]', b'[{"a": 1}, {"b": 3}, NaN]'])
def test_a_list_of_bodies(body: bytes) -> None:
    """Several objects in a list are each read."""
    assert read_body(body) == [{"a": 1}, {"b": 3}]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"[1]", b'"x"', b"null", b"NaN", b"\xff", b"{} {}", b'{"a": 1', b"[" * DEEP],
)
def test_unreadable(body: bytes) -> None:
    """A body that holds no object says so."""
    with pytest.raises(UnreadableBody):
        read_body(body)


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:\\ud80Na1 ').map(str.encode))
def test_any_bytes(body: bytes) -> None:
    """Whatever bytes come, they are read or said to be unreadable, and fit to be kept."""
    try:
        documents = read_body(body)
    except UnreadableBody:
        return
    str(documents).encode()


@given(st.dictionaries(st.text(), st.recursive(st.text() | st.integers(), st.lists), max_size=5))
def test_the_same_either_way(document: dict[str, Any]) -> None:
    """What is good JSON reads the same leniently."""
    whole = orjson.dumps(document) if all(map(_small, _leaves(document))) else b"{}"
    assert read_body(b"\xef\xbb\xbf" + whole) == read_body(whole)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    return (
        [leaf for each in value for leaf in _leaves(each)] if isinstance(value, list) else [value]
    )


def _small(leaf: Any) -> bool:
    return not isinstance(leaf, int) or abs(leaf) < 2**53
