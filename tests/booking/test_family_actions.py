"""The actions of the family flow: each way they end, and what they give."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.booking.members import FamilyProblemKind, check_family
from bot.booking.office import Office, Offices
from bot.booking.queue import Queue
from bot.booking.roster import (
    Member,
    applicants,
    find_member,
    member,
    read_members,
    turned_away,
    write_members,
)
from bot.booking.seats import SeatState
from storage.memory import MemorySeats
from tests.booking.conftest import MakeOffice
from tests.support.acting import IDENTITY, Applicant

DAY = date(2026, 11, 24)
BUDI = member("Budi Fiktif", "1987-01-25")
ANI = member("Ani Fiktif", "2023-05-03")
JOKO = member("Joko Fiktif", "1992-04-04")
SUMI = member("Sumi Fiktif", "1950-02-01")


def someone(make_office: MakeOffice, sender: str = "6281200000001", **rules: Any) -> Applicant:
    """An applicant of an office with these rules."""
    return Applicant(Queue(Offices([make_office(**rules)]), MemorySeats()), sender)


def telling(*members: Member, **others: Any) -> dict[str, Any]:
    """What a message that names these people is heard as."""
    return {"members": write_members(members), **others}


class TestBeginFamily:
    @pytest.mark.parametrize(
        ("size", "heard", "name", "expected"),
        [
            (5, {"people_count": 4}, "begun", 4),
            (5, {}, "begun", None),
            (3, {"people_count": 4}, "too_many", None),
            (1, {"people_count": 2}, "alone", None),
            (1, telling(BUDI, ANI), "alone", None),
            (1, {}, "alone", None),
            (1, {"people_count": 1, "relation": "child"}, "begun", 1),
            (1, {"people_count": 2, "relation": "child"}, "alone", None),
        ],
    )
    async def test_how_many(
        self,
        make_office: MakeOffice,
        size: int,
        heard: dict[str, Any],
        name: str,
        expected: int | None,
    ) -> None:
        """``family_size`` says whether, and how many are expected."""
        outcome = await someone(make_office, family_size=size).do("begin_family", heard)
        assert (outcome.name, outcome.values.get("expected")) == (name, expected)

    async def test_who_is_held_already_is_the_first(self, make_office: MakeOffice) -> None:
        """A seat held for whoever writes: they are on the list, unless others come instead."""
        rina = someone(make_office)
        await rina.do("hold_seat", **IDENTITY)
        outcome = await rina.do("begin_family", telling(ANI))
        assert [each["name"] for each in outcome.values["members"]] == ["RINA FIKTIF", "ANI FIKTIF"]
        outcome = await rina.do("begin_family", telling(ANI, relation="child"))
        assert outcome.values["members"] == [ANI]
        assert outcome.values["without_owner"] is True

    async def test_already_booked(self, make_office: MakeOffice) -> None:
        """Their number's booking is shown instead."""
        rina = someone(make_office)
        await rina.book()
        outcome = await rina.do("begin_family", {"people_count": 2})
        assert (outcome.name, outcome.values["booking"]["number"]) == ("already_booked", 1)


class TestList:
    async def test_added(self, make_office: MakeOffice) -> None:
        """By message, or from the slots, which are then free for the next; never both."""
        rina = someone(make_office)
        await rina.do("add_members", telling(BUDI, ANI))
        assert rina.slots["members"] == [BUDI, ANI]
        await rina.do("add_members", name="Joko  fiktif", birth_date="1992-04-04")
        assert rina.slots["members"] == [BUDI, ANI, JOKO]
        assert (rina.slots["name"], rina.slots["birth_date"]) == (None, None)
        await rina.do("add_members", {"people_count": 9})
        assert (len(rina.slots["members"]), rina.slots["expected"]) == (3, 5)

    @pytest.mark.parametrize(
        ("heard", "name", "left"),
        [
            ({"member_number": 2}, "dropped", [BUDI, JOKO]),
            ({"member_name": "ani"}, "dropped", [BUDI, JOKO]),
            ({"member_name": "fiktif"}, "unknown", [BUDI, ANI, JOKO]),
            ({"member_number": 4}, "unknown", [BUDI, ANI, JOKO]),
            ({"member_number": 0}, "unknown", [BUDI, ANI, JOKO]),
            ({}, "unknown", [BUDI, ANI, JOKO]),
        ],
    )
    async def test_dropped(
        self, make_office: MakeOffice, heard: dict[str, Any], name: str, left: list[Member]
    ) -> None:
        """Only one that is meant for certain."""
        rina = someone(make_office)
        outcome = await rina.do("drop_member", heard, members=[BUDI, ANI, JOKO])
        assert (outcome.name, outcome.values["members"]) == (name, left)

    @pytest.mark.parametrize(
        ("heard", "name", "second"),
        [
            (telling(JOKO, member_number=2), "replaced", JOKO),
            (telling({**JOKO, "birth_date": ""}, member_number=2), "replaced",
             {**JOKO, "birth_date": ANI["birth_date"]}),
            (telling({"name": "", "birth_date": "2024-01-01"}, member_name="Ani"), "replaced",
             {**ANI, "birth_date": "2024-01-01"}),
            (telling(JOKO, member_number=3), "unknown", ANI),
            ({"member_number": 2}, "unknown", ANI),
        ],
    )  # fmt: skip
    async def test_replaced(
        self, make_office: MakeOffice, heard: dict[str, Any], name: str, second: Member
    ) -> None:
        """What is not told of the member stays."""
        rina = someone(make_office)
        outcome = await rina.do("replace_member", heard, members=[BUDI, ANI])
        assert (outcome.name, outcome.values["members"]) == (name, [BUDI, second])

    @pytest.mark.parametrize(
        ("members", "slots", "name", "gone"),
        [
            ([BUDI, ANI], {"expected": 2}, "complete", None),
            ([BUDI, ANI], {"expected": 3}, "more", None),
            ([BUDI, ANI], {}, "more", None),
            ([BUDI, ANI], {"holds": [{}]}, "complete", None),
            ([], {"expected": 2}, "more", None),
            ([BUDI, ANI, ANI], {}, "twice", [ANI]),
            ([BUDI, JOKO, ANI], {}, "not_dependent", [JOKO]),
            ([BUDI, ANI], {"without_owner": True}, "not_dependent", [BUDI]),
            ([BUDI, ANI, SUMI, member("Adi", "2024-01-01")], {}, "too_many", None),
        ],
    )
    async def test_counted(
        self,
        make_office: MakeOffice,
        members: list[Member],
        slots: dict[str, Any],
        name: str,
        gone: list[Member] | None,
    ) -> None:
        """Whether all are named and may come together; who may not is told of."""
        rina = someone(make_office, family_members="dependents", family_size=3)
        outcome = await rina.do(
            "count_members", members=members, service_date=DAY.isoformat(), **slots
        )
        assert outcome.name == name
        assert gone is None or outcome.values["turned_away"] == gone


class TestHoldFamily:
    async def test_held_and_approved(self, make_office: MakeOffice) -> None:
        """One code for all; one booking each."""
        rina = someone(make_office)
        held = await rina.do("hold_family", members=[BUDI, ANI], service_date=DAY.isoformat())
        assert (held.name, [each["number"] for each in held.values["holds"]]) == ("held", [1, 2])
        approved = await rina.do("approve_hold")
        codes = {each["code"] for each in approved.values["bookings"]}
        assert (approved.name, len(codes)) == ("approved", 2)

    @pytest.mark.parametrize(
        ("rules", "slots", "name"),
        [
            ({}, {"service_date": "2026-11-22"}, "past"),
            ({}, {"service_date": "2026-11-28"}, "closed"),
            ({"ask_kind": True}, {}, "kind_missing"),
            ({"family_members": "dependents"}, {"members": [BUDI, JOKO]}, "unfit"),
            ({"family_size": 12}, {"members": [member(f"P{'ABCDEFGHIJKL'[n]}", "1990-01-01")
                                               for n in range(12)]}, "full"),
            ({"holds_per_day": 1}, {}, "too_many_holds"),
        ],
    )  # fmt: skip
    async def test_not_held(
        self, make_office: MakeOffice, rules: dict[str, Any], slots: dict[str, Any], name: str
    ) -> None:
        """Nobody of them holds anything then."""
        rina = someone(make_office, **rules)
        if name == "too_many_holds":
            await rina.do("hold_seat", **IDENTITY)
            await rina.do("release_hold")
        told = {"members": [BUDI, ANI], "service_date": DAY.isoformat()} | slots
        assert (await rina.do("hold_family", **told)).name == name
        seats = await rina.queue.seats.of_day("kota_contoh", DAY)
        assert all(seat.state is SeatState.FREE for seat in seats)

    async def test_one_is_booked_elsewhere(self, make_office: MakeOffice) -> None:
        """Refused as a whole, and of the other's booking nothing comes along."""
        rina = someone(make_office)
        await rina.book()
        budi = Applicant(rina.queue, "6281200000002")
        her = member("Rina Fiktif", "1990-01-31")
        outcome = await budi.do("hold_family", members=[BUDI, her], service_date=DAY.isoformat())
        assert outcome.name == "person_booked"
        assert not any(outcome.values.values())
        seats = await rina.queue.seats.of_day("kota_contoh", DAY)
        assert [seat.number for seat in seats if seat.state is not SeatState.FREE] == [1]

    async def test_their_own_booking(self, make_office: MakeOffice) -> None:
        """Whose number has a booking is shown that one."""
        rina = someone(make_office)
        await rina.book()
        outcome = await rina.do("hold_family", members=[BUDI, ANI], service_date=DAY.isoformat())
        assert (outcome.name, outcome.values["booking"]["number"]) == ("already_booked", 1)

    async def test_the_same_turn_again(self, make_office: MakeOffice) -> None:
        """With the same key the same seats and code."""
        rina = someone(make_office)
        told = {"members": [BUDI, ANI], "service_date": DAY.isoformat()}
        assert await rina.do("hold_family", key="k", **told) == await rina.do(
            "hold_family", key="k"
        )


class TestChooseMember:
    @pytest.mark.parametrize(
        ("heard", "name", "code"),
        [
            ({"member_number": 2}, "one", "C1"),
            ({"member_name": "p3"}, "one", "C3"),
            ({"booking_code": "C0"}, "one", "C0"),
            ({"member_number": "0"}, "all", None),
            ({"member_number": 9}, "unclear", None),
            ({}, "unclear", None),
        ],
    )
    async def test_each(
        self, make_office: MakeOffice, heard: dict[str, Any], name: str, code: str | None
    ) -> None:
        """By number in the list, by name, by code, or all."""
        bookings = [{"code": f"C{n}", "name": f"P{n} FIKTIF"} for n in range(4)]
        outcome = await someone(make_office).do("choose_member", heard, bookings=bookings)
        assert (outcome.name, outcome.values.get("booking", {}).get("code")) == (name, code)

    @pytest.mark.parametrize(("count", "shown"), [(9, 9), (10, 0)])
    async def test_as_many_as_can_be_tapped(
        self, make_office: MakeOffice, count: int, shown: int
    ) -> None:
        """A list has room for nine and one for all; a longer one would be numbered otherwise."""
        bookings = [{"code": f"C{n}", "name": f"P{n} FIKTIF"} for n in range(count)]
        outcome = await someone(make_office).do("choose_member", bookings=bookings)
        assert len(outcome.values["tappable"]) == shown


PEOPLE = st.lists(
    st.builds(
        member,
        st.text("ABC ", min_size=2, max_size=4).filter(str.strip),
        st.dates(DAY - timedelta(days=90 * 365), DAY).map(date.isoformat),
    ),
    max_size=8,
)


@given(members=PEOPLE)
def test_members_come_through_a_message(members: list[Member]) -> None:
    """What the grammar writes the actions read."""
    assert read_members(write_members(members)) == members


@given(members=PEOPLE, number=st.integers(-3, 12), name=st.text("ABC ", max_size=4))
def test_who_is_found_is_meant(members: list[Member], number: int, name: str) -> None:
    """By number the one that stands there; by name one whose name has every word, and no other."""
    at = find_member(members, number, None)
    assert at == (number - 1 if 1 <= number <= len(members) else -1)
    at = find_member(members, None, name)
    fitting = [n for n, each in enumerate(members) if {*name.split()} <= {*each["name"].split()}]
    assert at == (fitting[0] if name.split() and len(fitting) == 1 else -1)


@given(
    members=PEOPLE,
    size=st.integers(1, 7),
    who=st.sampled_from(["anyone", "dependents"]),
    with_owner=st.booleans(),
)
def test_who_stays_may_come(
    office_like: Office, members: list[Member], size: int, who: str, *, with_owner: bool
) -> None:
    """Turned away one reason at a time until none is left, the rest may be registered together,
    and nobody is lost on the way.
    """
    office = office_like.model_copy(update={"family_size": size, "family_members": who})
    staying, away, kinds = members, 0, set[FamilyProblemKind]()
    while True:
        kind, staying, gone = turned_away(office, DAY, staying, with_owner=with_owner)
        away += len(gone)
        if kind is None:
            break
        kinds.add(kind)
        assert gone
    assert len(staying) + away == len(members)
    assert check_family(office, DAY, applicants(staying, "", ""), with_owner=with_owner) is None
    if who == "anyone":
        assert FamilyProblemKind.NOT_DEPENDENT not in kinds


@pytest.fixture(scope="module")
def office_like(make_office: MakeOffice) -> Office:
    """An office whose family rules are set as needed."""
    return make_office()
