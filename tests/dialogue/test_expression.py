"""Expressions: what they come to, what they refuse, and that nothing makes them raise."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.expression import FUNCTIONS, ExpressionError, compiled, holds, value_of

KNOWN: dict[str, Any] = {
    "name": "Ani",
    "age": 61,
    "people": ["Ani", "Budi"],
    "hold": {"number": 3, "office": {"id": "kota"}},
    "service_date": "2026-12-01",
    "birth_date": "1990-12-01",
    "heard": {"size": "large"},
    "gone": None,
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("name", "Ani"),
        ("not name", False),
        ("not missing", True),
        ("gone is None and missing is None and name is not None", True),
        ("hold.office.id", "kota"),
        ("hold.nothing.id", None),
        ("name.upper", None),
        ("heard.size == 'large'", True),
        ("age >= 60", True),
        ("18 <= age < 60", False),
        ("missing < 5", None),
        ("missing == gone", None),
        ("missing != 'x'", None),
        ("name < 5", None),
        ("'Ani' in people", True),
        ("name not in ['Budi', 'Citra']", True),
        ("len(people) + 1", 3),
        ("len(missing)", None),
        ("len(age)", None),
        ("days(service_date, '2026-12-25')", 24),
        ("days(name, service_date)", None),
        ("minutes('2026-11-23T09:00+07:00', '2026-11-23T02:10:59+00:00')", 10),
        ("minutes('2026-11-23T09:00', '2026-11-23T02:10:59+00:00')", None),
        ("lower(name) + '!'", "ani!"),
        ("age - 1 == 60", True),
        ("2 * -age", -122),
        ("name * 1000", None),
        ("missing or name", "Ani"),
        ("name and age", 61),
        ("service_date > birth_date", True),
        ("  age", 61),
    ],
)
def test_value(source: str, value: Any) -> None:
    """Names, parts, arithmetic and comparisons; what is missing makes nothing true."""
    if value is None or isinstance(value, bool):
        assert bool(compiled(source).evaluate(KNOWN)) is bool(value)
    else:
        assert compiled(source).evaluate(KNOWN) == value


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "column"),
        ("age >", "invalid syntax"),
        ("age = 5", "column 5: invalid syntax"),
        ("name.__class__()", "column 1: this cannot stand"),
        ("(lambda: 1)()", "column 1: this cannot stand"),
        ("[x for x in people]", "column 1: this cannot stand"),
        ("people[0]", "column 1: this cannot stand"),
        ("2 ** 9999999", "column 1: this cannot stand"),
        ("age + f'{name}'", "column 7: this cannot stand"),
        ("1 < lenn(people)", "column 5: no function 'lenn'; did you mean 'len'?"),
        ("len(*people)", "column 5: this cannot stand"),
        ("age is 5", "column 1: 'is' asks for None only"),
        ("(" * 300, "column"),
        ("not " * 125, "column"),
        ("a" * 501, "at most 500 characters"),
    ],
)
def test_unreadable(source: str, said: str) -> None:
    """Whatever is not listed is refused when it is loaded, with its column."""
    with pytest.raises(ExpressionError, match=r".") as error:
        compiled(source)
    assert said in str(error.value)


def test_names() -> None:
    """The checker learns every name and where it stands; functions are none."""
    assert compiled("len(people) < 5 and hold.number").names == (("people", 5), ("hold", 21))


def test_no_guard() -> None:
    """A step without a guard may always be taken."""
    assert holds(None, {})
    assert not holds("name", {})


def test_literals_and_expressions() -> None:
    """Only braces around the whole make an expression of a value."""
    assert value_of("age", KNOWN) == "age"
    assert value_of("{{ age }}", KNOWN) == 61
    assert value_of("I am {{ age }}", KNOWN) == "I am {{ age }}"


NAMES = st.sampled_from([*KNOWN, "missing", "hold.number", "heard.size", "1", "'x'", "None", "2.5"])
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(
            inner, st.sampled_from(["+", "-", "*", "<", ">=", "==", "!=", "in", "and", "or"]), inner
        ).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda one: f"(not {one})"),
        st.tuples(st.sampled_from(["len", "lower", "upper"]), inner).map("{0[0]}({0[1]})".format),
        st.tuples(inner, inner).map("days({0[0]}, {0[1]})".format),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, st.dictionaries(st.sampled_from(sorted(KNOWN)), st.text() | st.integers()))
def test_never_raises(source: str, known: dict[str, Any]) -> None:
    """Whatever is known or missing, of whatever kind, an expression has a value."""
    compiled(source).evaluate({**KNOWN, **known})
    compiled(source).evaluate({})


@given(st.text(max_size=40))
def test_any_text(source: str) -> None:
    """Any text is an expression or refused, nothing else."""
    with suppress(ExpressionError):
        compiled(source).evaluate(KNOWN)


def test_functions_are_safe() -> None:
    """No function reaches beyond its arguments."""
    assert set(FUNCTIONS) == {"len", "lower", "upper", "days", "minutes"}
