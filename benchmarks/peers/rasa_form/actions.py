"""The actions of the booking on Rasa, run by its action server."""

from __future__ import annotations

from typing import Any

import passport
from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

SEATS = passport.Seats()


class OfferDates(Action):
    """Offers five dates."""

    def name(self) -> str:
        return "action_offer_dates"

    def run(self, dispatcher: CollectingDispatcher, _: Tracker, __: Any) -> list[Any]:
        days, text = passport.offer(SEATS)
        titles = [passport.in_words(passport.date.fromisoformat(day)) for day in days]
        dispatcher.utter_message(text=text, buttons=_buttons(titles))
        return [SlotSet("dates", days)]


class AskIdentity(Action):
    """The dates have asked for it."""

    def name(self) -> str:
        return "action_ask_identity"

    def run(self, _: CollectingDispatcher, __: Tracker, ___: Any) -> list[Any]:
        return []


class AskApproval(Action):
    """Repeats what is held, and asks for the code."""

    def name(self) -> str:
        return "action_ask_approval"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, __: Any) -> list[Any]:
        confirmation, approval = passport.confirmation(tracker.get_slot("held"))
        dispatcher.utter_message(text=confirmation)
        dispatcher.utter_message(text=approval, buttons=_buttons(passport.APPROVAL_BUTTONS))
        return []


class ValidateBookingForm(FormValidationAction):
    """Checks the identity, holding a seat, and the code."""

    def name(self) -> str:
        return "validate_booking_form"

    def validate_identity(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any
    ) -> dict[str, Any]:
        try:
            days = tracker.get_slot("dates")
            return {"held": passport.hold(SEATS, tracker.sender_id, value, days), "identity": value}
        except passport.Refused as refused:
            dispatcher.utter_message(text=str(refused))
            return {"identity": None}

    def validate_approval(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any
    ) -> dict[str, Any]:
        try:
            passport.check_code(tracker.get_slot("held"), value)
        except passport.Refused as refused:
            dispatcher.utter_message(text=str(refused))
            return {"approval": None}
        return {"approval": value}


class Book(Action):
    """Gives the queue number."""

    def name(self) -> str:
        return "action_book"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[Any]:
        for text in passport.booked(tracker.get_slot("held")):
            dispatcher.utter_message(text=text)
        return []


def _buttons(titles: Any) -> list[dict[str, str]]:
    return [{"title": title, "payload": title} for title in titles]
