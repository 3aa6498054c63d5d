"""JSON made wrong on purpose: types swapped, keys dropped, things no strict parser reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from hypothesis import strategies as st

RAW: Final = (
    rb'"\ud800"',
    rb'"\udfff and more"',
    rb'"\u0000"',
    b'"\0 \n \t"',
    b'"\xff\xfe\xed\xa0\x80"',
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"9" * 5_000,
    b"-" + b"9" * 400,
    b"[" * 10_000 + b"]" * 10_000,
    b'{"a":' * 10_000 + b"null" + b"}" * 10_000,
    b"[" * 900 + b"]" * 900,
    b'{"messages":[' * 40 + b"]}" * 40,
    b'"' + b"x" * 50_000 + b'"',
    b'{"a": 1, "a": {"type": "text"}}',
)
"""Written into the place of a value as they are."""

_MARK: Final = "\x01{}\x01"

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
raw = st.integers(0, len(RAW) - 1).map(_MARK.format)


@st.composite
def mutilated(draw: st.DrawFn, whole: Any) -> bytes:
    """``whole`` as JSON with one to four things done to it; still JSON enough to be told apart
    from what stands around it.
    """
    whole = json.loads(json.dumps(whole))
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(whole))
        if not places:
            break
        inside, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["drop", "swap", "raw", "wrap", "twice", "unwrap"])):
            case "drop":
                del inside[key]
            case "swap":
                inside[key] = draw(plain)
            case "raw":
                inside[key] = draw(raw)
            case "wrap":
                inside[key] = [inside[key]]
            case "twice" if isinstance(inside, list):
                inside.append(inside[key])
            case "unwrap" if isinstance(inside[key], list) and inside[key]:
                inside[key] = inside[key][0]
    return _written(whole)


def _written(whole: Any) -> bytes:
    written = json.dumps(whole).encode()
    for at, value in enumerate(RAW):
        written = written.replace(json.dumps(_MARK.format(at)).encode(), value)
    return written


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place within, as its container and key."""
    keys = range(len(value)) if isinstance(value, list) else list(value)
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])
