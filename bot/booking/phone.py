"""Telephone numbers of offices, in one spelling."""

from __future__ import annotations

import re

INDONESIA = 62


def office_number(written: str) -> str | None:
    """Digits with country code, ``6281299004406``, of a number in any usual spelling.

    Indonesian numbers must be valid; foreign ones only possible, because Meta's test numbers are
    not in any numbering plan.

    Returns:
        ``None`` when it is no telephone number.
    """
    # phonenumbers skips letters it finds before the digits, so they are refused here.
    if not re.fullmatch(r"\+?[0-9\s().\-\u2010-\u2015]+", written.strip()):
        return None
    import phonenumbers  # noqa: PLC0415 - some 60 ms, and only where numbers are read

    digits = re.sub(r"[^0-9]", "", written)
    international = digits if digits.startswith("0") else f"+{digits}"
    try:
        number = phonenumbers.parse(international, "ID")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == INDONESIA:
        right = phonenumbers.is_valid_number(number)
    else:
        right = phonenumbers.is_possible_number(number)
    return f"{number.country_code}{number.national_number}" if right else None
