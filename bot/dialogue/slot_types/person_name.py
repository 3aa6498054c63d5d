"""Names of people."""

from bot.dialogue.slot_type import Given, slot_type


@slot_type(entity="person_name")
def person_name(given: Given) -> str:
    """A person's name, as it was written."""
    return given.text(100)
