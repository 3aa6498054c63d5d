"""What may happen in a recording beside words: staff's acts, several messages at once, pictures;
and the world it begins in.
"""

import pytest

from bot.replay.played import Difference, Played
from bot.replay.recording import RecordingError
from tests.replay.writing import HEADER, PlayTurns

OTHERS = """\
fixtures:
  bookings:
    - {day: 2026-11-23, name: Budi Contoh, sender: '6281200000004', capture: other, number: 40}
    - {day: 2026-11-23, name: Rina Contoh, birth_date: 1990-08-17, capture: mine, number: 42}
"""


def wrong(played: Played) -> list[Difference]:
    """All that is not as recorded."""
    return [found for each in played.exchanges for found in each.differences]


async def test_staff_do_what_they_do_at_the_counter(play_turns: PlayTurns) -> None:
    """In, served, turned away, taken back; and nobody is served who is not in."""
    played = await play_turns(
        """
        - staff: {serve: '{{ mine }}', refused: not_now}
        - staff: [{check_in: '{{ mine }}'}, {check_in: '{{ mine }}', refused: over}]
          expect: {booking: {state: checked_in}}
        - staff: {reject: '{{ mine }}', reason: fotokopi kurang}
          expect: {booking: {state: rejected}}
        - staff: {undo: '{{ mine }}'}
          expect: {booking: {state: checked_in}}
        - staff: {serve: '{{ mine }}'}
          expect: {booking: {state: served}}
        - staff: {check_in: JKP-00000-00000, refused: unknown}
        - wait: 4 hours
        - staff: {check_in: '{{ other }}', refused: late}
        - staff: {no_show: JKP-00000-00000, refused: unknown}
        """,
        HEADER + OTHERS,
    )
    assert wrong(played) == []


async def test_an_act_that_fails_says_why(play_turns: PlayTurns) -> None:
    """What cannot be done ends the play, on the line of the act; so does what should not work."""
    for turn, why in (
        ("{serve: '{{ mine }}'}", "refused, not_now"),
        ("{check_in: '{{ mine }}', refused: late}", "it worked"),
        ("{close: 2026-11-20, reason: Pindahan}", "2026-11-20 has passed"),
        ("{seats: {2026-11-25: {malam: 3}}}", "no session 'malam'"),
    ):
        (found,) = wrong(await play_turns(f"- staff: {turn}", HEADER + OTHERS))
        assert why in found.message
        assert found.loc[:4] == ("turns", 0, "staff", 0)


async def test_who_is_nearly_up_is_told(play_turns: PlayTurns) -> None:
    """A number that is called, also by its code, is told of to those behind it."""
    played = await play_turns(
        """
        - staff: [{check_in: '{{ other }}'}, {call: '{{ other }}'}]
          bot: [{contains: '42'}, {reply: how_to_register}]
        """,
        HEADER + OTHERS,
    )
    assert wrong(played) == []


async def test_days_change_under_the_applicant(play_turns: PlayTurns) -> None:
    """A day staff close is no longer offered, one they open is again; a quota is followed."""
    played = await play_turns("""
        - staff: {close: 2026-11-24, reason: Stock opname}
        - user: '#tgllayanan'
          bot: [{reply: privacy_notice}, {contains: 1. Rabu}]
        - staff: {open: 2026-11-24}
        - user: '#tgllayanan'
          bot: [{contains: 1. Selasa}]
        - staff: {seats: {2026-11-24: {pagi: 1, siang: 0}}}
        - user: '#Rina Contoh#17081990#24112026'
          bot: [{contains: Konfirmasi}, {contains: setuju}]
          expect: {people: 1, booking: {state: held, number: 1}}
    """)
    assert wrong(played) == []


async def test_numbers_are_blocked_and_marked(play_turns: PlayTurns) -> None:
    """Who is blocked hears why, until they are not."""
    form = "user: '#Rina Contoh#17081990#25112026'"
    played = await play_turns(
        f"""
        - staff: [{{block: memakai data orang lain, days: 3}}, {{mark: calo}}]
        - {form}
          bot: [{{reply: privacy_notice}}, {{contains: memakai data orang lain}}]
        - staff: {{unblock: true}}
        - {form}
          bot: [{{contains: Konfirmasi}}, {{contains: kode persetujuan}}]
        - staff: {{clear: true}}
        """,
        f"{HEADER}fixtures: {{marked: pernah terlambat}}\n",
    )
    assert wrong(played) == []


async def test_messages_at_once_are_answered_in_order(play_turns: PlayTurns) -> None:
    """Each is answered for itself, as if the first had come first."""
    played = await play_turns("""
        - user: {at_once: ['#tgllayanan', '#Rina Contoh#17081990#25112026']}
          bot: [{reply: privacy_notice}, {reply: which_date}, {reply: confirmation},
                {reply: approval}]
    """)
    assert wrong(played) == []


async def test_pictures_are_not_all_good(play_turns: PlayTurns) -> None:
    """One too large, no picture at all, one that cannot be had: each has its answer."""
    header = HEADER.replace("jakarta_pusat", "batam")
    keys = {}
    for file in ("ok", "too_large", "not_a_picture", "unreachable"):
        form = "'#Budi Contoh#25011987#JL MELATI 5 BATAM'"
        played = await play_turns(f"- user: {{image: {form}, file: {file}}}", header)
        keys[file] = tuple(told.key for each in played.exchanges for told in each.told)
    assert "confirmation" in keys["ok"]
    assert len(set(keys.values())) >= 3
    assert all("confirmation" not in keys[file] for file in keys if file != "ok")


async def test_a_place_is_sent_with_its_degrees(play_turns: PlayTurns) -> None:
    """It arrives as a location, not as words."""
    played = await play_turns("- user: {location: {latitude: -6.17, longitude: 106.83}}")
    assert played.exchanges[0].prompt == "location -6.17, 106.83"
    assert played.exchanges[0].told


async def test_the_first_greeting_is_in_their_language(play_turns: PlayTurns) -> None:
    """Where the header says so; one that nobody speaks is a mistake."""
    header = HEADER.replace("'}", "', language: en}")
    played = await play_turns("- {user: '#tgllayanan', expect: {language: en}}", header)
    assert "Your data" in played.exchanges[0].got[0].text
    with pytest.raises(RecordingError, match=r"one.yml:4:\d+: no language 'xx'; known are: id, en"):
        await play_turns("- user: Pagi", header.replace(": en", ": xx"))


async def test_seats_are_taken(play_turns: PlayTurns) -> None:
    """The lowest go first, of the session that is named; whoever comes gets the next."""
    header = f"{HEADER}fixtures: {{taken: {{2026-11-25: {{pagi: 3, siang: 2}}, 2026-11-26: 7}}}}\n"
    for day, number in (("25", 4), ("26", 8)):
        played = await play_turns(
            f"""
            - user: '#Rina Contoh#17081990#{day}112026'
              bot: [{{reply: privacy_notice}}, {{reply: confirmation}}, {{reply: approval}}]
              expect: {{booking: {{number: {number}}}}}
            """,
            header,
        )
        assert wrong(played) == []


@pytest.mark.parametrize(
    ("fixtures", "complaint"),
    [
        ("taken: {2026-11-25: 100000}", "2026-11-25 has only"),
        ("taken: {2026-11-25: {malam: 1}}", "no session 'malam'"),
        ("bookings: [{day: 2026-11-25, name: A, code: BTM-1}]", "no booking code of this office"),
        ("bookings: [{day: 2026-11-25, name: A, number: 9999}]", "has no free seat 9999"),
        (
            "bookings: [{day: 2026-11-25, name: A}, {day: 2026-11-26, name: B}]",
            "6281200000001 or B has a booking",
        ),
    ],
)
async def test_what_cannot_be_is_a_mistake(
    play_turns: PlayTurns, fixtures: str, complaint: str
) -> None:
    """With its place in the file."""
    with pytest.raises(RecordingError, match=r"one.yml:5:\d+: ") as error:
        await play_turns("- user: Pagi", f"{HEADER}fixtures: {{{fixtures}}}\n")
    assert complaint in str(error.value)


async def test_a_booking_of_before_is_reminded_of(play_turns: PlayTurns) -> None:
    """Nobody need write first; and who has been here before is not told about their data anew."""
    booking = "{day: 2026-11-26, name: Rina Contoh, capture: mine}"
    played = await play_turns(
        """
        - wait: 5 hours
          expect: {notices: [notice_reminder, notice_reminder]}
        - wait: 50 hours
          bot: [{contains: RINA CONTOH}]
          expect: {notices: [notice_reminder], outbox: 1}
        - user: '#status'
          bot: [{contains: '{{ mine }}'}, {reply: how_to_register}]
        """,
        f"{HEADER}fixtures: {{bookings: [{booking}]}}\n",
    )
    assert wrong(played) == []
