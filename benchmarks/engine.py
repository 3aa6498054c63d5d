"""What the dialogue alone costs: understanding, deciding and rendering, no storage.

Run it with ``python benchmarks/engine.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bot.definitions import Definitions, load_definitions
from bot.dialogue.conversation import Conversation
from bot.dialogue.engine import Engine
from bot.dialogue.events import Entity, Message, Outcome, Understood
from bot.dialogue.store import Contact
from bot.settings import Flows
from nlu.interpreter import Interpreter

FLOWS = Path(__file__).parents[1] / "flows"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TIMES = 500
CONTACT = Contact("rest", "bench", "jakarta_pusat")


def measure(name: str, work: Callable[[], object]) -> None:
    """Print the median and the 95th percentile of ``work``."""
    work()
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    p95 = took[int(len(took) * 0.95)]
    print(f"{name:52} {median(took):7.3f} ms {p95:7.3f} ms {1000 / median(took):8.0f} /s")


def choosing(engine: Engine) -> Conversation:
    """A conversation with five dates on the table."""
    conversation = Conversation(CONTACT.conversation_id, "passport_guided")
    asked = engine.decide(conversation, Understood("ask_dates"), NOW)
    if asked.action == "check_service_hours":
        asked = engine.decide(asked.conversation, Outcome("open"), NOW)
    dates = [(NOW + timedelta(days=day)).date().isoformat() for day in range(1, 6)]
    return engine.decide(asked.conversation, Outcome("found", {"dates": dates}), NOW).conversation


def turn(definitions: Definitions, engine: Engine) -> Callable[[], object]:
    """A whole turn without storage: a line is understood, decided on and answered."""
    interpreter = Interpreter()
    conversation = choosing(engine)
    message = Message("m", "text", "syaratnya apa aja?", NOW)
    local = NOW.astimezone(ZoneInfo("Asia/Jakarta"))
    venue = definitions.venue_of(CONTACT)
    surroundings: dict[str, Any] = {
        **venue.variables, "contact": {"phone": "", "profile": ""}, "now": local, "hour": 9,
    }  # fmt: skip
    replies = engine.flows.replies["id"]

    def work() -> None:
        expectation = engine.expectation(conversation)
        understanding = interpreter.understand(message, expectation, local)
        try:
            understanding.send(None)
        except StopIteration as done:
            heard = done.value
        decision = engine.decide(conversation, heard, NOW)
        for saying in decision.says:
            replies.render(saying.reply, {**saying.variables, **surroundings})

    return work


def main() -> None:
    """Print a table."""
    began = time.perf_counter()
    definitions = load_definitions(Flows(folder=FLOWS))
    print(f"reading and checking all flows: {(time.perf_counter() - began) * 1000:.0f} ms\n")
    engine = Engine(definitions.flows)
    fresh = Conversation(CONTACT.conversation_id, "passport_guided")
    at_dates = choosing(engine)
    chosen = Understood("choose_option", entities=(Entity("option_number", 2),))
    print(f"{'':52} {'median':>10} {'p95':>10}")
    measure("decide: first message", lambda: engine.decide(fresh, Understood("greet"), NOW))
    measure("decide: a question answered, the open one put again",
            lambda: engine.decide(at_dates, Understood("ask_requirements"), NOW))  # fmt: skip
    measure("decide: an option by number", lambda: engine.decide(at_dates, chosen, NOW))
    measure("decide: a sub-flow called",
            lambda: engine.decide(at_dates, Understood("cancel"), NOW))  # fmt: skip
    measure("expectation", lambda: engine.expectation(at_dates))
    measure("understand, decide and render", turn(definitions, engine))


if __name__ == "__main__":
    main()
