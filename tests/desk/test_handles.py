"""What stands for a conversation in addresses of pages."""

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.handles import Handles

HANDLES = Handles(b"k" * 32)
ID = "whatsapp:jakarta_pusat:6281200000001"


@given(st.text(st.characters(codec="utf-8"), max_size=120))
def test_found_again(conversation_id: str) -> None:
    """Any id is found again, by every process that has the key."""
    assert Handles(b"k" * 32).opened(HANDLES.of(conversation_id)) == conversation_id


def test_nothing_of_the_id_shows() -> None:
    """No number stands in it; it is the same each time, and another for each conversation."""
    handle = HANDLES.of(ID)
    assert handle == HANDLES.of(ID)
    assert "6281200000001" not in handle
    assert handle[:16] != HANDLES.of(f"{ID}2")[:16]
    assert Handles().of(ID) != handle


@given(st.integers(0, 60), st.sampled_from("AZaz09-_"))
def test_a_changed_one_opens_nothing(at: int, letter: str) -> None:
    """One letter more, less or another, or another key: it is no handle."""
    handle = HANDLES.of(ID)
    changed = handle[:at] + letter + handle[at + 1 :]
    assert HANDLES.opened(changed) == (ID if changed == handle else None)
    assert HANDLES.opened(handle + letter) is None
    assert HANDLES.opened(handle[:-1]) is None
    assert Handles().opened(handle) is None


def test_what_is_no_handle() -> None:
    """Whatever somebody types in their place opens nothing."""
    for typed in ("", "x", "é", "../..", ID, "A" * 5000, "===="):
        assert HANDLES.opened(typed) is None
