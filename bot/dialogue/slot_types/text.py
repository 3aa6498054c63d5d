"""Words of any kind."""

from bot.dialogue.events import Scalar
from bot.dialogue.slot_type import Given, slot_type


@slot_type()
def text(given: Given) -> Scalar:
    """Words of any kind; filled by the entity named like the slot."""
    return given.text(1000) if isinstance(given.value, str | None) else given.value
