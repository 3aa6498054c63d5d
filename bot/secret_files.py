"""Secrets in files, and secrets of single offices: how their variables are called and read.

``WHATSAPP_ACCESS_TOKEN_FILE`` names a file that holds ``WHATSAPP_ACCESS_TOKEN``, as systemd's
credentials and compose's secrets are; every secret may come so. ``WHATSAPP_ACCESS_TOKEN_TANGERANG``
is the token of the office ``tangerang`` alone, ``WHATSAPP_APP_SECRET_TANGERANG`` the secret of its
own app, and ``…_PREVIOUS`` one that is being replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

FILE: Final = "_FILE"

_OF_OFFICE: Final = (
    ("whatsapp_access_tokens", re.compile(r"WHATSAPP_ACCESS_TOKEN_([A-Z0-9_]+)")),
    ("whatsapp_app_secrets_previous", re.compile(r"WHATSAPP_APP_SECRET_([A-Z0-9_]+)_PREVIOUS")),
    ("whatsapp_app_secrets", re.compile(r"WHATSAPP_APP_SECRET_([A-Z0-9_]+)")),
)


def office_secret(variable: str) -> tuple[str, str] | None:
    """Which secret of which office a variable is: field of the settings, office id."""
    for field, form in _OF_OFFICE:
        if found := form.fullmatch(variable):
            return field, found[1].lower()
    return None


def token_variable(office: str) -> str:
    """The variable of an office's own access token."""
    return f"WHATSAPP_ACCESS_TOKEN_{office.upper()}"


def with_files(
    environ: Mapping[str, str], is_secret: Callable[[str], bool]
) -> tuple[dict[str, str], dict[str, Path], list[str]]:
    """The environment with the contents of secrets' files, where those stand, and what is wrong.

    Args:
        is_secret: whether a variable is one of a secret.
    """
    values, files, problems = dict(environ), dict[str, Path](), list[str]()
    for variable, name in environ.items():
        secret = variable.removesuffix(FILE)
        if secret == variable or not is_secret(secret):
            continue
        del values[variable]
        if not name.strip():
            continue
        if environ.get(secret, "").strip():
            problems.append(f"{variable}: {secret} is set as well; unset one of them")
            continue
        path = Path(name.strip()).absolute()
        try:
            values[secret] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is not text in UTF-8"
            problems.append(f"{variable}: {path} cannot be read: {reason}")
        else:
            files[secret] = path
    return values, files, problems


class FileSecret:
    """A secret that is read again when its file changes.

    Args:
        text: what stood there at the start; it counts for as long as the file is empty or away.
    """

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._seen = self._state()

    def __call__(self) -> str:
        """The secret as it is now."""
        state = self._state()
        if state != self._seen:
            try:
                self._text = self._path.read_text(encoding="utf-8").strip() or self._text
            except (OSError, UnicodeDecodeError):
                return self._text  # being replaced at this moment
            self._seen = state
        return self._text

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size
