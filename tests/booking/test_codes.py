from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.booking.codes import ALPHABET, approval_code, booking_code, read_booking_code

PREFIXES = frozenset({"JKP", "TNG", "JKU"})

codes = st.builds(
    lambda prefix, seed: booking_code(prefix, Random(seed)),
    st.sampled_from(sorted(PREFIXES)),
    st.integers(0, 2**64),
)


def slip(code: str, tens: list[str]) -> str:
    """``code`` with its ten characters replaced."""
    return code[:4] + "".join(tens)


class TestApprovalCode:
    @given(st.integers(0, 2**64))
    def test_is_always_eight_digits(self, seed: int) -> None:
        """Never shorter, never a sign or a letter."""
        code = approval_code(Random(seed))
        assert len(code) == 8
        assert code.isascii()
        assert code.isdecimal()

    def test_leading_zeros_stay(self) -> None:
        """A tenth of all codes begin with a zero, as often as with any other digit."""
        random = Random(2017)
        firsts = [approval_code(random)[0] for _ in range(5000)]
        assert all(400 < firsts.count(digit) < 600 for digit in "0123456789")


class TestBookingCode:
    @given(codes)
    def test_has_the_agreed_shape_and_reads_back(self, code: str) -> None:
        """Prefix, five, five; nothing that is read as something else."""
        prefix, left, right = code.split("-")
        assert prefix in PREFIXES
        assert (len(left), len(right)) == (5, 5)
        assert not set(left + right) & set("ILOU")
        assert read_booking_code(code, PREFIXES) == code

    def test_codes_differ(self) -> None:
        """45 bits of chance: ten thousand codes without a repetition."""
        random = Random(1)
        assert len({booking_code("JKP", random) for _ in range(10_000)}) == 10_000

    def test_every_character_is_used_everywhere(self) -> None:
        """No place of the code has a favourite, the check character included."""
        random = Random(1)
        tens = [booking_code("JKP", random)[4:].replace("-", "") for _ in range(2000)]
        assert all({ten[place] for ten in tens} == set(ALPHABET) for place in range(10))


class TestReadBookingCode:
    @pytest.mark.parametrize(
        "text",
        [
            "JKP-7F4Q2-M8XCK",
            "jkp-7f4q2-m8xck",
            "JKP7F4Q2M8XCK",
            "  jkp 7f4q2 m8xck ",
            "J K P 7 F 4 Q 2 M 8 X C K",
            "JKP\N{EM DASH}7F4Q2\N{EN DASH}M8XCK",
            "Jkp.7f4q2_m8xck",
        ],
    )
    def test_spelling_is_forgiven(self, text: str) -> None:
        """Case, dashes, dots and spaces do not matter."""
        assert read_booking_code(text, PREFIXES) == "JKP-7F4Q2-M8XCK"

    @given(codes, st.randoms(use_true_random=False))
    def test_letters_for_digits_are_forgiven(self, code: str, random: Random) -> None:
        """O for 0 and I or L for 1 are read as the digits they look like."""
        typed = code[:4] + "".join(
            random.choice({"0": "0Oo", "1": "1IiLl"}.get(char, char)) for char in code[4:]
        )
        assert read_booking_code(typed, PREFIXES) == code

    @settings(max_examples=40, deadline=None)
    @given(codes)
    def test_every_single_wrong_character_is_noticed(self, code: str) -> None:
        """All 310 ways to get one of the ten characters wrong."""
        ten = list(code[4:].replace("-", ""))
        for place in range(10):
            for wrong in set(ALPHABET) - {ten[place]}:
                typed = slip(code, [*ten[:place], wrong, *ten[place + 1 :]])
                assert read_booking_code(typed, PREFIXES) is None

    @settings(max_examples=40, deadline=None)
    @given(codes)
    def test_every_exchange_of_two_characters_is_noticed(self, code: str) -> None:
        """All 45 pairs of places, neighbours or not."""
        ten = list(code[4:].replace("-", ""))
        for one, other in combinations(range(10), 2):
            swapped = ten.copy()
            swapped[one], swapped[other] = ten[other], ten[one]
            if swapped != ten:
                assert read_booking_code(slip(code, swapped), PREFIXES) is None

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "JKP",
            "JKP-7F4Q2-M8XC",
            "JKP-7F4Q2-M8XCKK",
            "7F4Q2-M8XCK",
            "XYZ-7F4Q2-M8XCK",
            "JKP-7F4Q2-M8XCU",
            "00002681",
            "#Contoh#25011987#07082017",
            "JKP-7F4Q2-M8XC\N{FULLWIDTH LATIN CAPITAL LETTER K}",
            "kode saya JKP-7F4Q2-M8XCK",
        ],
    )
    def test_what_is_no_code_is_none(self, text: str) -> None:
        """Too short, too long, a foreign prefix, a foreign letter, or another kind of message."""
        assert read_booking_code(text, PREFIXES) is None

    @given(st.text(max_size=40))
    def test_any_text_may_be_tried(self, text: str) -> None:
        """Whatever people type is answered, never an error."""
        found = read_booking_code(text, PREFIXES)
        assert found is None or read_booking_code(found, PREFIXES) == found
