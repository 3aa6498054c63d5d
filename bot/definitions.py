"""All that staff write, read together: flows, replies and offices."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.booking import actions as booking_actions
from bot.booking.answering import OfficeHours
from bot.booking.office import Office, Offices, load_offices
from bot.booking.reaching import office_words
from bot.channels.whatsapp.judging import faults
from bot.dialogue.actions import actions_in
from bot.dialogue.flowset import NOT_FLOWS, FlowSet, load_flows
from bot.dialogue.pictures import Gallery
from bot.dialogue.saying import Stage
from bot.dialogue.slot_type import shipped_types
from bot.dialogue.store import Contact
from bot.dialogue.versions import Files, lay_out
from bot.dialogue.vocabulary import Vocabulary
from bot.document import Document, Loc, meant
from bot.errors import Finding, FlowError, Place
from bot.extension import Code, CodeError, code_of, load_file
from bot.settings import Flows
from bot.told import replaced, tell
from bot.venue import Venue

_WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Definitions:
    """What a bot runs on."""

    flows: FlowSet
    offices: Offices
    code: Code

    def venue_of(self, contact: Contact) -> Venue:
        """The office a contact talks to, as the dialogue sees it; ``KeyError`` if it is gone."""
        if contact.office not in self._venues:
            office = self.offices.get(contact.office)
            if office is None:
                raise KeyError(contact.office)
            words = {"office": _words(office)}
            hours = OfficeHours(office)
            self._venues[contact.office] = Venue(office.flow, office.zone, words, hours)
        return self._venues[contact.office]

    @cached_property
    def _venues(self) -> dict[str, Venue]:
        """Those somebody has talked to, by office."""
        return {}


def load_definitions(
    settings: Flows,
    published: Files | None = None,
    vocabulary: Vocabulary | None = None,
    draft: Files | None = None,
) -> Definitions:
    """Read the folder ``settings.folder``.

    Args:
        published: flows and replies to take instead of those in the folder; offices and code are
            the folder's in any case.
        vocabulary: what messages are understood as, to check the folder's intents and entities.
        draft: likewise instead of those in the folder, and looked at as strictly as they are.
            Findings name its files by their paths within it.

    Raises:
        FlowError: with every finding of every file, the project's own code among them.
    """
    code, unread, findings = _code_as_far_as_possible(settings)
    path = settings.folder / "offices.yml"
    flows: FlowSet | None = None
    offices: Offices | None = None
    try:
        offices = load_offices(path)
    except FlowError as error:
        findings += error.findings
        stage = None
    else:
        stage = Stage(_longest_words(offices), (faults,))
    try:
        if published is None:
            load = partial(
                load_flows,
                languages=settings.languages,
                actions=code.actions,
                slot_types=code.slot_types,
                vocabulary=vocabulary,
                unread_code=unread,
                stage=stage,
            )
            flows = _checked(settings.folder, draft, load)
        else:
            flows = load_published(published, settings.languages, code)
    except FlowError as error:
        findings += error.findings
    findings += _offices_without_flow(path, _flow_names(settings.folder, flows, published or draft))
    if flows is None or offices is None or findings:
        raise FlowError(findings)
    return Definitions(flows, offices, code)


def _checked(folder: Path, draft: Files | None, load: Callable[..., FlowSet]) -> FlowSet:
    """What ``load`` makes of a folder, or of a draft's texts; of those, findings are named by their
    paths in the draft.
    """
    if draft is None:
        return load(folder)
    with TemporaryDirectory(prefix="draft-") as made:
        lay_out(draft, Path(made))
        before = f"{Document.typed(Path(made))}/"
        try:
            flows = load(Path(made), gallery=Gallery.of_files(draft))
        except FlowError as error:
            raise FlowError([_without(before, each) for each in error.findings]) from None
    return replace(flows, warnings=tuple(_without(before, each) for each in flows.warnings))


def _without(before: str, finding: Finding) -> Finding:
    """A finding in a folder, as somebody who sees nothing but that folder would say it."""
    place = finding.place
    return Finding(
        replaced(finding.message, before, ""),
        Place(place.file.removeprefix(before), place.line, place.column),
        finding.loc,
        warning=finding.warning,
    )


def load_published(files: Files, languages: Iterable[str], code: Code) -> FlowSet:
    """Flows and replies that were published, as strict as they have to be: a program that learned
    to find more mistakes must not refuse what people are talking to.

    Raises:
        FlowError: with every finding; they may be of a time with other code or another language.
    """
    with TemporaryDirectory(prefix="published-") as folder:
        lay_out(files, Path(folder))
        return load_flows(
            Path(folder),
            languages,
            code.actions,
            code.slot_types,
            shape=False,
            gallery=Gallery.of_files(files),
        )


def load_code(settings: Flows) -> Code:
    """All that flows may name: what the bot brings, the queue's actions, and the project's own.

    Raises:
        ConfigError: the project's own code cannot be used.
    """
    shipped = Code(actions_in(booking_actions), shipped_types())
    return code_of(map(load_file, settings.code), shipped)


def _code_as_far_as_possible(settings: Flows) -> tuple[Code, frozenset[str], list[Finding]]:
    """What can be imported, the words of what cannot, and why it cannot."""
    code = Code(actions_in(booking_actions), shipped_types())
    words: set[str] = set()
    findings: list[Finding] = []
    for path in settings.code:
        try:
            code = code_of([load_file(path)], code)
        except CodeError as error:
            findings.append(error.finding)
        except FlowError as error:
            findings += error.findings
        else:
            continue
        if path.is_file():
            words |= set(_WORD.findall(path.read_text(encoding="utf-8", errors="replace")))
    return code, frozenset(words), findings


def _flow_names(folder: Path, flows: FlowSet | None, published: Files | None) -> Collection[str]:
    """The flows an office may begin with; all files' names while some cannot be read."""
    if flows is not None:
        return flows.flows
    texts = (Path(name) for name in published or () if "/" not in name)
    names = list(texts) if published else sorted(folder.glob("*.yml"))
    return [name.stem for name in names if name.name not in NOT_FLOWS]


def _offices_without_flow(path: Path, flows: Collection[str]) -> Iterator[Finding]:
    """Complaints about flows that are not there, whatever else is wrong with the offices."""
    try:
        document = Document.read(path)
    except Finding:
        return  # which is told already
    data = document.data
    defaults, offices = data.get("defaults"), data.get("offices")
    written: list[tuple[str, Loc, object]] = [("defaults", ("defaults",), defaults)]
    for each, office in offices.items() if isinstance(offices, dict) else ():
        written.append((str(each), ("offices", each), office))
    for name, loc, part in written:
        flow = part.get("flow") if isinstance(part, dict) else None
        if isinstance(flow, str) and flow not in flows:
            message = tell(
                "{name}: no flow {flow!r}{meant}",
                name=name,
                flow=flow,
                meant=meant(flow, sorted(flows)),
            )
            yield document.finding(message, (*loc, "flow"))


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
        **office_words(office),
        "arrive_minutes": office.arrive_minutes,
        "hold_minutes": office.hold_minutes,
        "lead_days": office.lead_days,
        "holds_per_day": office.holds_per_day,
        "reschedules": office.reschedules,
        "horizon_days": office.horizon_days,
        "waitlist_minutes": office.waitlist_minutes,
        "active_per_sender": office.active_per_sender,
        "family_size": office.family_size,
        "child_below": office.child_below,
        "elderly_from": office.elderly_from,
        "cancel": office.cancel.value,
        "requirements_note": office.requirements_note,
        "walk_in_for": sorted(office.walk_in_for) if office.walk_in_seats else [],
    }
