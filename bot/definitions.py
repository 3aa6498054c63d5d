"""All that staff write, read together: flows, replies and offices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.booking import actions as booking_actions
from bot.booking.office import Office, Offices, load_offices
from bot.dialogue.actions import Action, actions_in
from bot.dialogue.flowset import FlowSet, load_flows
from bot.dialogue.store import Contact
from bot.dialogue.versions import Files, lay_out
from bot.document import Document, meant
from bot.errors import Finding, FlowError
from bot.extension import actions_of, load_code
from bot.settings import Flows
from bot.turn import Venue


@dataclass(frozen=True, slots=True)
class Definitions:
    """What a bot runs on."""

    flows: FlowSet
    offices: Offices
    actions: Mapping[str, Action]

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
    actions = load_actions(settings)
    path = settings.folder / "offices.yml"
    findings: list[Finding] = []
    try:
        if published is None:
            flows = load_flows(settings.folder, settings.languages, actions)
        else:
            flows = load_published(published, settings.languages, actions)
    except FlowError as error:
        findings += error.findings
    try:
        offices = load_offices(path)
    except FlowError as error:
        findings += error.findings
    if findings:
        raise FlowError(findings)
    if findings := list(_offices_without_flow(path, offices, flows)):
        raise FlowError(findings)
    return Definitions(flows, offices, actions)


def load_published(
    files: Files, languages: Iterable[str], actions: Mapping[str, Action]
) -> FlowSet:
    """Flows and replies that were published, or are about to be.

    Raises:
        FlowError: with every finding; they may be of a time with other actions or another language.
    """
    with TemporaryDirectory(prefix="published-") as folder:
        lay_out(files, Path(folder))
        return load_flows(Path(folder), languages, actions)


def load_actions(settings: Flows) -> Mapping[str, Action]:
    """Every action flows may name: those of the queue, and the project's own.

    Raises:
        ConfigError: the project's own code cannot be used.
    """
    return actions_of(map(load_code, settings.code), actions_in(booking_actions))


def _offices_without_flow(path: Path, offices: Offices, flows: FlowSet) -> Iterator[Finding]:
    document = Document.read(path)
    for office in offices:
        if office.flow not in flows.flows:
            message = f"{office.id}: no flow {office.flow!r}"
            message += meant(office.flow, sorted(flows.flows))
            yield document.finding(message, ("offices", office.id, "flow"))


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
        "horizon_days": office.horizon_days,
        "active_per_sender": office.active_per_sender,
        "cancel": office.cancel.value,
    }
