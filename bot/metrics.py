"""What is counted for operators' machines, in Prometheus' form.

No label ever holds personal data: an office, a channel, an outcome, a code of Meta's.

Where several processes serve together (``bot/workers.py``) each keeps its figures in a file of a
folder they share, and any of them shows the sums.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from bot.share import METRICS_FOLDER

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SHORT: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

_Mode = Literal["livesum", "livemax", "livemostrecent"]


class Metrics:
    """What is counted by one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._before: list[Callable[[], None]] = []
        self.turn_seconds = self._histogram(
            "antre_turn_seconds", "From a message's arrival to its turn being saved.", "channel"
        )
        self.webhook_seconds = self._histogram(
            "antre_webhook_seconds", "Until a webhook of WhatsApp's was answered.", "status"
        )
        self.classifier_seconds = self._histogram(
            "antre_classifier_seconds",
            "Ranking what a message may mean, where the grammar does not know for certain.",
            "provider",
            buckets=_SHORT,
        )
        self.storage_seconds = self._histogram(
            "antre_storage_seconds", "Calls of the database, by operation.", "op", buckets=_SHORT
        )
        self._storage_seconds_of = cache(self.storage_seconds.labels)
        self.storage_failed = self._counter(
            "antre_storage_failed_total", "Calls that the database did not answer.", "op"
        )
        self.messages_heard = self._counter(
            "antre_messages_heard_total", "Messages that came in, by kind.", "channel", "kind"
        )
        self.messages_dropped = self._counter(
            "antre_messages_dropped_total",
            "Messages not heard because their sender wrote too many within a minute.",
            "channel",
        )
        self.turns_failed = self._counter(
            "antre_turns_failed_total",
            "Messages that were not saved and must be delivered again.",
            "channel",
        )
        self.actions = self._counter(
            "antre_actions_total",
            "What flows did, by how it ended: hold_seat held or full, approve_hold approved …",
            "action",
            "outcome",
        )
        self.notifications = self._counter(
            "antre_whatsapp_notifications_total",
            "News of Meta's on accounts, numbers and templates, by the webhook's field.",
            "field",
            "severity",
        )
        self.messages_sent = self._counter(
            "antre_messages_sent_total", "Replies that a channel took.", "channel"
        )
        self.messages_failed = self._counter(
            "antre_messages_failed_total",
            "Tries to send that failed: later (tried again), throttled or stopped (the account is"
            " paused), absent (nobody is connected), never; by the channel's code.",
            "channel",
            "kind",
            "code",
        )
        self.alarms = self._counter(
            "antre_alarms_total", "Lines of the log that want a person, by what they say.", "event"
        )
        self.rasa_avoided = self._counter(
            "antre_rasa_avoided_total",
            "Messages that the embedded classifier ranked in Rasa's place, by why.",
            "reason",
        )
        self.rasa_breaker = self._gauge(
            "antre_rasa_breaker",
            "Whether Rasa is asked (closed), tried again (half_open) or left alone (open); how many"
            " processes say so.",
            "state",
            mode="livesum",
        )
        self.outbox_overdue = self._gauge(
            "antre_outbox_overdue",
            "Conversations with a message or timer that is due and not looked after yet.",
        )
        self.outbox_oldest_seconds = self._gauge(
            "antre_outbox_oldest_seconds", "Since when the oldest of them is due; 0 without any."
        )
        self.outbox_waiting = self._gauge(
            "antre_outbox_waiting", "Messages not sent yet, those that wait for a retry included."
        )
        self.outbox_waiting_seconds = self._gauge(
            "antre_outbox_waiting_seconds", "Since when the oldest of them waits; 0 without any."
        )
        self.dead_letters = self._gauge(
            "antre_dead_letters", "Messages that were given up and nobody has looked at."
        )
        self.accounts_paused = self._gauge(
            "antre_accounts_paused",
            "WhatsApp numbers that nothing is sent from until Meta takes messages again.",
            mode="livemax",
        )
        self.waiting_for_staff = self._gauge(
            "antre_waiting_for_staff", "Conversations that wait for a member of staff.", "office"
        )
        self.waiting_for_staff_seconds = self._gauge(
            "antre_waiting_for_staff_seconds",
            "Since when the longest of them waits; 0 without any.",
            "office",
        )
        self.notices_overdue = self._gauge(
            "antre_notices_overdue", "Reminders and other notices that are due and not told yet."
        )
        self.notices_oldest_seconds = self._gauge(
            "antre_notices_oldest_seconds", "Since when the oldest of them is due; 0 without any."
        )
        self.seats_left = self._gauge(
            "antre_seats_left",
            "Free seats of the days an office offers now, together.",
            "office",
        )
        self.days_offered = self._gauge(
            "antre_days_offered", "Days with free seats that an office offers now.", "office"
        )

    def before_shown(self, bring_up: Callable[[], None]) -> None:
        """Have gauges of this process brought up to date whenever somebody asks."""
        self._before.append(bring_up)

    def show_breaker(self, states: Iterable[str], now: Callable[[], str]) -> None:
        """Show in which state the circuit breaker before Rasa is.

        Args:
            states: all there are.
            now: the one it is in.
        """
        known = tuple(states)

        def bring_up() -> None:
            for state in known:
                self.rasa_breaker.labels(state).set(state == now())

        bring_up()
        self.before_shown(bring_up)

    def stored(self, op: str, seconds: float, answered: bool) -> None:  # noqa: FBT001 - an Observe
        """Count a call of the database."""
        self._storage_seconds_of(op).observe(seconds)
        if not answered:
            self.storage_failed.labels(op).inc()

    def alarmed(self, event: str) -> None:
        """Count a line of the log that wants a person."""
        self.alarms.labels(event).inc()

    def shown(self) -> bytes:
        """All figures as text; those of all processes that serve together."""
        for bring_up in self._before:
            bring_up()
        folder = os.environ.get(METRICS_FOLDER)
        if not folder:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, folder)  # type: ignore[no-untyped-call]  # has no types
        return generate_latest(together)

    def _histogram(
        self, name: str, about: str, *labels: str, buckets: tuple[float, ...] = _SECONDS
    ) -> Histogram:
        return Histogram(name, about, labels, buckets=buckets, registry=self.registry)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str, mode: _Mode = "livemostrecent") -> Gauge:
        return Gauge(name, about, labels, registry=self.registry, multiprocess_mode=mode)


def forget_process(process_id: int, folder: str) -> None:
    """Let the gauges of a process that has ended go; what it counted stays in the sums."""
    mark_process_dead(process_id, folder)  # type: ignore[no-untyped-call]  # has no types
