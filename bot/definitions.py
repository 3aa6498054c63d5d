"""All that staff write, read together: flows, replies and offices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.booking import actions as booking_actions
from bot.booking.office import Office, Offices, load_offices
from bot.channels.whatsapp.judging import faults
from bot.dialogue.actions import actions_in
from bot.dialogue.flowset import FlowSet, load_flows
from bot.dialogue.saying import Stage
from bot.dialogue.slot_type import shipped_types
from bot.dialogue.store import Contact
from bot.dialogue.versions import Files, lay_out
from bot.document import Document, meant
from bot.errors import Finding, FlowError
from bot.extension import Code, code_of, load_file
from bot.settings import Flows
from bot.turn import Venue


@dataclass(frozen=True, slots=True)
class Definitions:
    """What a bot runs on."""

    flows: FlowSet
    offices: Offices
    code: Code

    def venue_of(self, contact: Contact) -> Venue:
        """The office a contact talks to, as the dialogue sees it."""
        office = self.offices.get(contact.office)
        if office is None:
            raise KeyError(contact.office)
        return Venue(office.flow, office.zone, {"office": _words(office)})


def load_definitions(settings: Flows, published: Files | None = None) -> Definitions:
    """Read the folder ``settings.folder``.

    Args:
        published: flows and replies to take instead of those in the folder; offices and code are
            the folder's in any case.

    Raises:
        FlowError: with every finding of every file.
        ConfigError: the project's own code cannot be used.
    """
    code = load_code(settings)
    path = settings.folder / "offices.yml"
    findings: list[Finding] = []
    try:
        offices = load_offices(path)
    except FlowError as error:
        findings += error.findings
        stage = None
    else:
        stage = Stage(_longest_words(offices), (faults,))
    try:
        if published is None:
            flows = load_flows(
                settings.folder, settings.languages, code.actions, code.slot_types, stage=stage
            )
        else:
            flows = load_published(published, settings.languages, code)
    except FlowError as error:
        findings += error.findings
    if findings:
        raise FlowError(findings)
    if findings := list(_offices_without_flow(path, offices, flows)):
        raise FlowError(findings)
    return Definitions(flows, offices, code)


def load_published(files: Files, languages: Iterable[str], code: Code) -> FlowSet:
    """Flows and replies that were published, as strict as they have to be: a program that learned
    to find more mistakes must not refuse what people are talking to.

    Raises:
        FlowError: with every finding; they may be of a time with other code or another language.
    """
    with TemporaryDirectory(prefix="published-") as folder:
        lay_out(files, Path(folder))
        return load_flows(Path(folder), languages, code.actions, code.slot_types, shape=False)


def load_code(settings: Flows) -> Code:
    """All that flows may name: what the bot brings, the queue's actions, and the project's own.

    Raises:
        ConfigError: the project's own code cannot be used.
    """
    shipped = Code(actions_in(booking_actions), shipped_types())
    return code_of(map(load_file, settings.code), shipped)


def _offices_without_flow(path: Path, offices: Offices, flows: FlowSet) -> Iterator[Finding]:
    document = Document.read(path)
    for office in offices:
        if office.flow not in flows.flows:
            message = f"{office.id}: no flow {office.flow!r}"
            message += meant(office.flow, sorted(flows.flows))
            yield document.finding(message, ("offices", office.id, "flow"))


def _longest_words(offices: Offices) -> Mapping[str, object]:
    """What replies may say of an office, each value the longest of any."""
    longest: dict[str, object] = {}
    for office in offices:
        for name, value in _words(office).items():
            if len(str(value)) > len(str(longest.get(name, ""))):
                longest[name] = value
    return {"office": longest}


def _words(office: Office) -> Mapping[str, object]:
    """What replies may say of an office."""
    return {
        "id": office.id,
        "name": office.name,
        "short_name": office.short_name,
        "area": office.area,
        "zone": office.zone_name,
        "arrive_minutes": office.arrive_minutes,
        "hold_minutes": office.hold_minutes,
        "lead_days": office.lead_days,
        "holds_per_day": office.holds_per_day,
        "horizon_days": office.horizon_days,
        "active_per_sender": office.active_per_sender,
        "cancel": office.cancel.value,
    }
