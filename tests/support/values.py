"""Plausible values of what the shipped flows know and say, none of anybody real."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.booking import actions as booking_actions
from bot.dialogue.actions import actions_in
from bot.dialogue.events import Problem
from tests.support.talk import NOW

CARD: dict[str, Any] = {
    "seat": "kota_contoh:2026-12-01:001",
    "key": "k",
    "office": "Kantor Contoh",
    "code": "KCN-00000-00000",
    "number": 1,
    "date": "2026-12-01",
    "hour": "08.00",
    "arrive": "07.30",
    "name": "RINA FIKTIF",
    "birth_date": "1990-01-31",
}

OFFICE: dict[str, Any] = {
    "id": "kota_contoh",
    "name": "Kantor Contoh",
    "short_name": "Kota Contoh",
    "area": "",
    "zone": "WIB",
    "numbers": ["+62 812 0000 0001"],
    "links": ["https://wa.me/6281200000001"],
    "opens": "08.00",
    "closes": "15.00",
    "weekdays": [["2024-01-01", "2024-01-05"]],
    "service_hours": {"from": "07.30", "until": "10.00"},
    "latitude": "",
    "longitude": "",
    "place": "",
    "address": "",
}
"""How to reach an office."""

GIVEN: dict[str, Any] = {
    "hold": CARD,
    "booking": CARD,
    "hold_until": (NOW + timedelta(minutes=15)).isoformat(),
    "approval_code": "00002681",
    "dates": ["2026-12-01", "2026-12-02"],
    "wrong_codes": 1,
    "tries_left": 2,
    "closed_reason": "Natal",
    "quota_opens": {"date": "2026-12-04", "hour": "14.00"},
    "service_opens": {"date": "2026-12-02", "hour": "07.30", "today": False},
    "remaining": {},
    "neighbours": [{**OFFICE, "date": "2026-12-01"}],
    "found_office": OFFICE,
    "found_offices": [OFFICE],
    "office_ids": ["kota_contoh"],
    "block": {"reason": "no_show", "until": "2026-12-31"},
    "reminded": CARD,
    "confirmed": CARD,
    "place": {"ahead": 3, "late": 40, "number": 12},
}
"""What actions give."""

SURROUNDINGS: dict[str, Any] = {
    "office": {
        **OFFICE,
        "arrive_minutes": 30,
        "hold_minutes": 15,
        "lead_days": 1,
        "horizon_days": 30,
        "active_per_sender": 1,
        "reschedules": 1,
        "waitlist_minutes": 30,
        "holds_per_day": 5,
        "family_size": 5,
        "child_below": 5,
        "elderly_from": 60,
        "cancel": "until_day_before",
        "requirements_note": {"id": "Bawa map merah.", "en": "Bring a red folder."},
        "walk_in_for": ["elderly", "children"],
    },
    "contact": {"phone": "+6281200000001", "profile": ""},
    "now": NOW,
    "hour": 9,
}
"""What the shell says besides."""

_MEMBER = {"name": "RINA FIKTIF", "birth_date": "1990-01-31"}
FAMILY: dict[str, Any] = {
    "members": [_MEMBER] * 2,
    "expected": 3,
    "turned_away": [_MEMBER],
    "dropped": _MEMBER,
    "holds": [CARD] * 2,
    "bookings": [CARD] * 2,
}
"""What the actions of a family give."""

SAYABLE: dict[str, Any] = {
    **{
        slot: value
        for action in actions_in(booking_actions).values()
        for slot, value in action.example.items()
    },
    **GIVEN,
    **FAMILY,
    "name": "Rina Fiktif",
    "birth_date": "1990-01-31",
    "service_date": "2026-12-01",
    "address": "Jl. Contoh 1",
    "photo": "0" * 64,
    "kind": "new",
    "waits": [{"date": "2026-11-24", "position": 2}, {"date": "", "position": 1}],
    "offer": {"date": "2026-11-24", "until": "10.30"},
    "retention": {
        "journal": 90,
        "conversations": 365,
        "bookings": 365,
        "photos": 7,
        "people": 365,
    },
    "heard": {
        "number": 17,
        "called": 12,
        "ahead": 5,
        "minutes": 40,
        "hour": "09.40",
        "today": False,
        "day_before": "2026-11-24",
        "date": "2026-11-25",
        "reason": "Stock opname",
        "booking_code": "JKP-7F4Q2-M8XCK",
    },
    "problems": (Problem("birth_date", "no_such_date", "31-02-1990"), Problem("form", "missing")),
    "example": "#RINA#31011990",
}
"""Everything a reply may speak of."""

UNSAID = (
    "apology", "greeting", "how_to_register", "help", "requirements", "talk_to_staff",
    "you_are_welcome", "greet_again", "language_changed", "only_text", "no_open_code",
    "not_understood", "lost", "lapsed", "no_booking", "registration_stopped", "after_booking",
    "staff_asked", "staff_still_asked", "with_staff", "staff_left",
    "before_you_come", "ask_name", "ask_birth_date", "who_are_you", "identity_help",
    "choose_date_help", "approval_help", "yes_or_no", "all_full", "malformed_form",
)  # fmt: skip
"""Replies that may be said before anything is known."""
