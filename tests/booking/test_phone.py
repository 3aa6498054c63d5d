from __future__ import annotations

import pytest

from bot.booking.phone import office_number


class TestOfficeNumber:
    @pytest.mark.parametrize(
        "written",
        [
            "0812 9900 4406",
            "081299004406",
            "0812-9900-4406",
            "+62 812-9900-4406",
            "+62 (812) 9900 4406",
            "62 81299004406",
            "6281299004406",
            "+62\N{NO-BREAK SPACE}812\N{NON-BREAKING HYPHEN}9900\N{NON-BREAKING HYPHEN}4406",
        ],
    )
    def test_every_usual_spelling_is_one_number(self, written: str) -> None:
        """National, international and WhatsApp's own spelling are the same number."""
        assert office_number(written) == "6281299004406"

    @pytest.mark.parametrize(
        "written", ["", "+", "1", "oo6281299004406", "0812 9900", "call 081299004406", "٠٨١٢"]
    )
    def test_what_is_no_number_is_none(self, written: str) -> None:
        """Letters around digits and incomplete numbers are no telephone number."""
        assert office_number(written) is None

    def test_a_test_number_of_meta_is_taken(self) -> None:
        """555 numbers are assigned to nobody, but Meta gives them out for trying things."""
        assert office_number("+1 555-025-3483") == "15550253483"
