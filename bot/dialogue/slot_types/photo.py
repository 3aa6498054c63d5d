"""Pictures people send."""

from bot.dialogue.slot_type import Given, slot_type


@slot_type(entity="photo")
def photo(given: Given) -> str:
    """A picture, kept as the id the channel gave it."""
    return given.text(500)
