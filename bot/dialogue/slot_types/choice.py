"""One of a few words."""

from bot.dialogue.slot_type import Given, Refused, slot_type


@slot_type()
def choice(given: Given) -> str:
    """One of the slot's ``choices``; filled by the entity named like the slot."""
    said = given.text().casefold()
    for one in given.choices:
        if one.casefold() == said:
            return one
    raise Refused("not_a_choice")
