"""One emoji, and what is none."""

import pytest

from bot.dialogue.emoji import is_emoji


@pytest.mark.parametrize(
    "text",
    ["✅", "❤", "❤️", "👍", "👍🏽", "👨‍👩‍👧", "🧑🏽‍⚕️", "🇮🇩", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "©️", "🙏", "⏰", "🥳", "🫡"],
)
def test_one(text: str) -> None:
    """Signs, skins, families, flags and keycaps are one each."""
    assert is_emoji(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "ok", "✅✅", "✅ ", "x✅", "1", "{{ x }}", "🇮", "🇮🇩🇮", "\u200d", "\ufe0f", "🏽"],
)
def test_none(text: str) -> None:
    """Words, several of them and parts of one are none."""
    assert not is_emoji(text)
