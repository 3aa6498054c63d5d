"""What a message can mean: the intents and entity types flows may rely on."""

from __future__ import annotations

INTENTS = frozenset({
    "greet",
    "register",
    "family",
    "done",
    "drop_member",
    "replace_member",
    "choose_member",
    "ask_dates",
    "choose_date",
    "choose_option",
    "submit_identity",
    "inform",
    "give_code",
    "approve",
    "reject",
    "correct",
    "cancel",
    "ask_status",
    "reschedule",
    "help",
    "restart",
    "thanks",
    "goodbye",
    "talk_to_staff",
    "ask_requirements",
    "ask_fees",
    "ask_walk_in",
    "ask_office",
    "ask_location_hours",
    "ask_from_outside",
    "change_language",
    "damaged_or_lost",
    "mark_late",
    "wait_a_moment",
    "ask_privacy",
    "erase_data",
    "join_waitlist",
    "malformed_form",
    "send_media",
    "too_fast",
    "out_of_scope",
    "none",
})  # fmt: skip
"""Every intent the grammar gives. A tap may carry others, those of its flow's own buttons."""

UNTAPPABLE = frozenset({"malformed_form", "send_media", "too_fast", "none"})
"""Findings about a message; no button stands for them."""

ENTITY_TYPES = frozenset({
    "person_name",
    "birth_date",
    "service_date",
    "option_number",
    "approval_code",
    "booking_code",
    "phone",
    "nik",
    "language",
    "office",
    "place",
    "address",
    "kind",
    "photo",
    "sent",
    "wrong_part",
    "members",
    "people_count",
    "relation",
    "member_number",
    "member_name",
    "never_mind",
    "keeps",
    "asks",
})  # fmt: skip

LEARNT_AS = {
    "inform": "submit_identity",
    "malformed_form": "submit_identity",
    "give_code": "approve",
}
"""What flows tell apart by the entities in a message, and examples teach under one name."""

KIND_OF = {
    "inform": "submit_identity",
    "malformed_form": "submit_identity",
    "give_code": "approve",
    "choose_option": "choose_date",
    "register": "ask_dates",
    "join_waitlist": "ask_dates",
    "ask_fees": "ask_requirements",
    "ask_from_outside": "ask_requirements",
    "ask_walk_in": "ask_requirements",
    "damaged_or_lost": "ask_requirements",
    "ask_office": "ask_location_hours",
    "ask_privacy": "help",
    "wait_a_moment": "out_of_scope",
    "none": "out_of_scope",
}
"""What others know a meaning as, where our flows tell more apart; ``parse`` reports it."""

REPORTED = frozenset({
    "person_name",
    "birth_date",
    "service_date",
    "option_number",
    "booking_code",
    "approval_code",
    "office",
    "phone",
    "nik",
})  # fmt: skip
"""Entity types that others know; the rest is between the grammar and our flows."""


def kind_of(intent: str) -> str:
    """The intent as others know it."""
    return KIND_OF.get(intent, intent)
